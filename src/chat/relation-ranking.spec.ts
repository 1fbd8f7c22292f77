import fc from 'fast-check';
import type { RelationFact } from '../graph/graph.types.ts';
import { type FoundByWalk, rankRelations } from './relation-ranking.ts';

const end = (name: string, ...aliases: string[]) => ({ name, norms: [name.toLowerCase(), ...aliases] });
const says = (passage: number, description = '') => ({ passage, documentId: `d${String(passage)}`, chunkId: `c${String(passage)}`, description });

function fact(id: string, source: ReturnType<typeof end>, target: ReturnType<typeof end>, ...passages: number[]): RelationFact {
  return { id, source, target, type: 'knows', evidence: passages.map((passage) => says(passage)) };
}

function found(scores: readonly number[], names: Readonly<Record<string, number>> = {}): FoundByWalk {
  return { keys: scores.map((_, i) => i + 1), passages: scores.map((score) => ({ score })), nameWeights: new Map(Object.entries(names)) };
}

const idsOf = (facts: readonly RelationFact[]): string[] => facts.map(({ id }) => id);

describe('rankRelations', () => {
  const [anna, karl, oslo, ulm] = [end('Anna'), end('Karl'), end('Oslo'), end('Ulm')];

  it('puts what stronger passages assert first', () => {
    expect(idsOf(rankRelations([fact('a', anna, karl, 2), fact('b', anna, oslo, 1), fact('c', anna, ulm, 1, 2)], found([1, 0.4])))).toEqual(['c', 'b', 'a']);
  });

  it('puts what is about names that the walk went over first; a name it did not go over counts little', () => {
    const walked = found([1, 1], { anna: 3, oslo: 2, karl: 0.1 });
    expect(idsOf(rankRelations([fact('a', karl, ulm, 1), fact('b', anna, karl, 1), fact('c', anna, oslo, 1), fact('d', ulm, ulm, 1, 2)], walked))).toEqual(['c', 'b', 'd', 'a']);
  });

  it('does not let one passage fill the first places', () => {
    const facts = ['a', 'b', 'c', 'd'].map((id) => fact(id, anna, end(id), 1));
    const ranked = rankRelations([...facts, fact('e', karl, ulm, 2)], found([1, 0.8], { anna: 1, karl: 0.6 }));
    expect(idsOf(ranked)).toEqual(['a', 'b', 'e', 'c', 'd']);
  });

  it('knows an end by any of its names', () => {
    const walked = found([1], { vienna: 1, anna: 0.5 });
    expect(idsOf(rankRelations([fact('a', anna, ulm, 1), fact('b', end('Wien', 'vienna'), ulm, 1)], walked))).toEqual(['b', 'a']);
  });

  it('makes one of what is said of the same ends under other names, with all evidence', () => {
    const facts = [fact('b', anna, end('Vienna', 'wien'), 1, 2), fact('a', anna, end('Wien'), 2, 3), fact('c', end('Wien'), anna, 1)];
    const ranked = rankRelations(facts, found([1, 1, 1]));
    expect(idsOf(ranked)).toEqual(['a', 'c']);
    expect(ranked[0]?.evidence.map(({ passage }) => passage)).toEqual([1, 2, 3]);
    const mutual = [fact('a', anna, end('Vienna', 'wien'), 1), fact('b', anna, end('Wien', 'vienna'), 2)];
    expect(idsOf(rankRelations(mutual, found([1, 1])))).toEqual(['a']);
  });

  it('keeps two apart that share an alias, and relations of other types', () => {
    const facts = [fact('a', end('Karl Lindt', 'karl'), ulm, 1), fact('b', end('Karl Berger', 'karl'), ulm, 1), fact('c', karl, ulm, 1), { ...fact('d', karl, ulm, 1), type: 'left' }];
    expect(idsOf(rankRelations(facts, found([1])))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('depends on no order, loses no evidence and ranks an empty walk by passages alone', () => {
    const name = fc.constantFrom(anna, karl, oslo, ulm, end('Wien', 'vienna'), end('Vienna', 'wien'), end('K', 'karl'));
    const some = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), name, name, fc.uniqueArray(fc.constantFrom(1, 2, 3), { minLength: 1 })), { selector: ([id]) => id });
    const walks = fc.constantFrom(found([3, 2, 1]), found([3, 2, 1], { anna: 2, wien: 1 }), found([0, 0, 0]));
    fc.assert(
      fc.property(some, walks, fc.integer(), (rows, walk, seed) => {
        const facts = rows.map(([id, source, target, passages]) => fact(id, source, target, ...passages.toSorted()));
        const ranked = rankRelations(facts, walk);
        const shuffled = facts.toSorted((a, b) => ((a.id.charCodeAt(0) * seed) % 7) - ((b.id.charCodeAt(0) * seed) % 7));
        expect(rankRelations(shuffled, walk)).toEqual(ranked);
        const passages = (list: readonly RelationFact[]): number[] => [...new Set(list.flatMap(({ evidence }) => evidence.map(({ passage }) => passage)))].toSorted();
        expect(passages(ranked)).toEqual(passages(facts));
      }),
    );
  });
});
