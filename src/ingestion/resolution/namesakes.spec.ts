import fc from 'fast-check';
import { NameInQuestion } from './namesake-questions.ts';
import { type Bearers, bearersOf, type NamedIn, type Person, sensesOfPersons } from './namesakes.ts';

type Told = Readonly<{ born?: number; of?: string; passages?: number }>;

function document(id: string, beside: readonly string[], { born, of, passages = 1 }: Told = {}): NamedIn {
  const life = { births: new Set(born === undefined ? [] : [born]), deaths: new Set<number>(), places: new Set(of === undefined ? [] : [of]) };
  return { documentId: id, externalId: id, passages, beside: new Set(beside), life, said: `said in ${id}` };
}

const idsOf = (person: Person): string => person.flatMap(({ documents }) => documents.map(({ externalId }) => externalId)).sort().join('');
const shown = ({ persons, open }: Bearers): string[] => [...persons.map(idsOf), ...open.map((bearer) => `?${idsOf([bearer])}`)];

describe('bearersOf', () => {
  const [three, others] = [['ulm', 'bonn', 'jena'], ['oslo', 'bergen', 'narvik']];

  it('takes documents that share what stands beside a name for one person, however much else they tell', () => {
    expect(shown(bearersOf([document('a', three, { of: 'ulm' }), document('b', ['bonn', 'ulm', 'trier'], { of: 'hesse' }), document('c', ['trier'])]))).toEqual(['abc']);
  });

  it('parts them by years, and gives what tells none to who it is nearest to', () => {
    const found = bearersOf([document('a', three, { born: 1874 }), document('b', three, { born: 1950 }), document('c', ['oslo', 'ulm']), document('d', ['oslo'], { born: 1950 })]);
    expect(shown(found)).toEqual(['bcd', 'a']);
    expect(sensesOfPersons(found.persons)).toEqual(['born 1950', 'born 1874']);
  });

  it('parts them by what their titles are of only where they have a good many neighbours and share hardly one', () => {
    expect(shown(bearersOf([document('a', three, { of: 'ulm' }), document('b', others, { of: 'oslo' })]))).toEqual(['a', 'b']);
    expect(shown(bearersOf([document('a', three, { of: 'ulm' }), document('b', ['oslo'], { of: 'oslo' })]))).toEqual(['ab']);
    expect(shown(bearersOf([document('a', three, { of: 'ulm' }), document('b', [...others, 'ulm'], { of: 'oslo' })]))).toEqual(['a', 'b']);
    expect(shown(bearersOf([document('a', three, { of: 'ulm' }), document('b', [...others, 'ulm', 'bonn'], { of: 'oslo' })]))).toEqual(['ab']);
  });

  it('leaves open what shares nothing and tells nothing', () => {
    expect(shown(bearersOf([document('a', three, { born: 1874 }), document('b', others)]))).toEqual(['a', '?b']);
  });

  it('finds the same in whatever order documents come, and each document once', () => {
    const told = fc.record({ beside: fc.uniqueArray(fc.constantFrom('ulm', 'bonn', 'jena', 'oslo', 'bergen', 'narvik', 'x', 'y', 'z')), born: fc.constantFrom(undefined, 1874, 1878, 1950), of: fc.constantFrom(undefined, 'ulm', 'oslo', 'hesse') });
    fc.assert(fc.property(fc.array(told, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (rows, random) => {
      const documents = rows.map(({ beside, born, of }, i) => document(String.fromCharCode(97 + i), beside, { ...(born === undefined ? {} : { born }), ...(of === undefined ? {} : { of }) }));
      const shuffled = documents.map((each) => ({ each, key: random.next().value as number })).toSorted((a, b) => a.key - b.key).map(({ each }) => each);
      const found = bearersOf(documents);
      expect(shown(bearersOf(shuffled))).toEqual(shown(found));
      expect([...found.persons.flat(), ...found.open].flatMap(({ documents: all }) => all.map(({ documentId }) => documentId)).sort()).toEqual(documents.map(({ documentId }) => documentId));
      const senses = sensesOfPersons(found.persons);
      expect(new Set(senses).size).toBe(senses.length);
      expect(sensesOfPersons(bearersOf(shuffled).persons)).toEqual(senses);
    }));
  });
});

describe('NameInQuestion', () => {
  const documents = ['a', 'b', 'c', 'd'].map((id, i) => document(id, [`${id}1`, `${id}2`, `${id}3`], { passages: 9 - i }));
  const ask = (bearers: Bearers, answer: (first: string, second: string) => boolean | undefined): { readonly result: string[]; readonly asked: string[] } => {
    const name = new NameInQuestion('Jan Kern', bearers);
    const asked: string[] = [];
    for (;;) {
      const questions = name.questions().map(({ first, second }) => [idsOf([first]), idsOf([second])] as const);
      if (questions.length === 0) return { result: shown(name.result), asked };
      asked.push(questions.map((pair) => pair.join('=')).join());
      name.take(questions.map(([first, second]) => answer(first, second)));
    }
  };

  it('asks about each bearer until it is somebody, and makes a new person of who is nobody', () => {
    const answer = (first: string, second: string): boolean => first + second === 'ca' || first + second === 'db';
    expect(ask(bearersOf(documents), answer)).toEqual({ result: ['ac', 'bd'], asked: ['b=a,c=a,d=a', 'd=b'] });
  });

  it('leaves one what nobody answers, and open what was open', () => {
    expect(ask(bearersOf(documents), () => undefined).result).toEqual(['abcd']);
    const told = [document('x', ['x1', 'x2', 'x3'], { born: 1874 }), ...documents];
    expect(ask(bearersOf(told), () => undefined).result).toEqual(['x', '?a', '?b', '?c', '?d']);
    expect(ask(bearersOf(told), (first) => first === 'a').result).toEqual(['ax', 'b', 'c', 'd']);
  });

  it('asks nothing of whom too little is known', () => {
    expect(ask(bearersOf([document('a', ['p']), document('b', ['q'])]), () => false)).toEqual({ result: ['ab'], asked: [] });
  });
});
