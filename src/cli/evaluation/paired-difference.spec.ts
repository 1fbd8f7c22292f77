import fc from 'fast-check';
import { pairedDifferences, type RankingPair } from './paired-difference.ts';
import type { Question } from './question-set.ts';

const asks = (gold: readonly string[]): Question => ({ kind: 'documents', id: gold.join(), question: '?', gold });
const pair = (question: Question, ours: readonly string[], theirs: readonly string[]): RankingPair => {
  const ranking = (ids: readonly string[]): RankingPair['ours'] => ({ question, passages: ids.map((externalId) => ({ externalId })) });
  return { ours: ranking(ours), theirs: ranking(theirs) };
};

describe('pairedDifferences', () => {
  it('gives mean, standard error and counts by hand', () => {
    const pairs = [
      pair(asks(['a']), ['a'], ['x']),
      pair(asks(['b']), ['b'], ['b']),
      pair(asks(['c', 'd']), ['c', 'x'], ['c', 'd']),
      pair(asks(['e']), ['e'], ['x']),
    ];
    const { recall, allGold, hit } = pairedDifferences(pairs, [2]);
    // Differences 1, 0, -1/2, 1: their mean is 3/8, their variance 9/16, and the root of 9/16 by 4 questions is 3/8.
    expect(recall['2']).toEqual({ questions: 4, ours: 87.5, theirs: 50, difference: 37.5, standardError: 37.5, better: 2, worse: 1, equal: 1 });
    expect(allGold['2']).toMatchObject({ ours: 75, theirs: 50, difference: 25 });
    expect(hit).toEqual({});
  });

  it('measures hits of lines apart from documents', () => {
    const question: Question = { kind: 'lines', id: 'l', question: '?', document: 'm', goldLines: [[1, 2]] };
    const ours = { question, passages: [{ externalId: 'm', lines: [2, 9] as const }] };
    const { recall, hit } = pairedDifferences([{ ours, theirs: { question, passages: [] } }], [1]);
    expect(recall).toEqual({});
    expect(hit['1']).toEqual({ questions: 1, ours: 100, theirs: 0, difference: 100, standardError: null, better: 1, worse: 0, equal: 0 });
  });

  it('changes its sign when the sides are changed, and is nothing against itself', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 });
    const one = fc.tuple(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }), ids, ids);
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 9 }), (list) => {
        const there = pairedDifferences(list.map(([gold, ours, theirs]) => pair(asks(gold), ours, theirs)), [3]).recall['3'];
        const back = pairedDifferences(list.map(([gold, ours, theirs]) => pair(asks(gold), theirs, ours)), [3]).recall['3'];
        const same = pairedDifferences(list.map(([gold, ours]) => pair(asks(gold), ours, ours)), [3]).recall['3'];
        expect(back?.difference).toBeCloseTo(-(there?.difference ?? Number.NaN), 1);
        expect([back?.better, back?.standardError]).toEqual([there?.worse, there?.standardError]);
        expect(same).toMatchObject({ difference: 0, standardError: 0, better: 0, worse: 0, equal: list.length });
      }),
    );
  });
});
