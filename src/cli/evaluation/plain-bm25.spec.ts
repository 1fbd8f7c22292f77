import fc from 'fast-check';
import { PlainBm25 } from './plain-bm25.ts';

const alphabetical = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** An index of texts, each its own name. */
function indexOf(texts: readonly string[]): PlainBm25<string> {
  const index = new PlainBm25(alphabetical);
  for (const text of texts) index.add(text, text);
  return index;
}

/** The formula, written out for one text. */
function score(question: readonly string[], text: string, all: readonly string[]): number {
  const bags = all.map((each) => each.split(' '));
  const mean = bags.flat().length / bags.length;
  const own = text.split(' ');
  return question.reduce((sum, word) => {
    const df = bags.filter((bag) => bag.includes(word)).length;
    const tf = own.filter((each) => each === word).length;
    return sum + (Math.log(1 + (all.length - df + 0.5) / (df + 0.5)) * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * own.length) / mean));
  }, 0);
}

describe('PlainBm25', () => {
  it('prefers rare words, short texts and repetition', () => {
    expect(indexOf(['the cat', 'the dog', 'the the bird']).rank('the cat', 3)).toEqual(['the cat', 'the the bird', 'the dog']);
    expect(indexOf(['fox', 'fox and hen', 'hen']).rank('fox', 9)).toEqual(['fox', 'fox and hen']);
  });

  it('leaves no stop word out, stems nothing, folds case and marks', () => {
    expect(indexOf(['of', 'towers']).rank('of tower', 2)).toEqual(['of']);
    expect(indexOf(['Zürich', 'Bern']).rank("zurich's", 2)).toEqual(['Zürich']);
  });

  it('finds nothing where no word is shared, in an empty index, or for an empty question', () => {
    expect(indexOf(['a b']).rank('c', 5)).toEqual([]);
    expect(indexOf([]).rank('c', 5)).toEqual([]);
    expect(indexOf(['a b']).rank('', 5)).toEqual([]);
    expect(indexOf(['', 'a']).rank('a', 5)).toEqual(['a']);
  });

  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 6 }).map((list) => list.join(' '));
  const texts = fc.uniqueArray(text, { minLength: 1, maxLength: 12 });

  it('gives the best k by the formula, a repeated word of the question counted again', () => {
    fc.assert(
      fc.property(texts, text, fc.integer({ min: 1, max: 12 }), (all, question, k) => {
        const found = indexOf(all).rank(question, k);
        const scores = (list: readonly string[]): number[] => list.map((each) => score(question.split(' '), each, all));
        const best = scores(all).filter((value) => value > 0).sort((one, other) => other - one).slice(0, k);
        expect(found).toHaveLength(best.length);
        for (const [i, value] of scores(found).entries()) expect(value).toBeCloseTo(best[i] ?? Number.NaN, 9);
      }),
    );
  });

  it('does not depend on the order texts came in', () => {
    fc.assert(
      fc.property(texts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), text, ([all, shuffled], question) => {
        expect(indexOf(shuffled).rank(question, 5)).toEqual(indexOf(all).rank(question, 5));
      }),
    );
  });
});
