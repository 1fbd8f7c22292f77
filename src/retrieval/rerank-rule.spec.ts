import fc from 'fast-check';
import { worthReranking } from './rerank-rule.ts';
import { RETRIEVAL_DEFAULTS } from './retrieval-config.ts';

const worth = (scores: readonly number[], k: number): boolean => worthReranking(scores, k, RETRIEVAL_DEFAULTS);

describe('worthReranking', () => {
  it.each([
    ['the first ones hold nearly all of the scores', [3, 2.5, 0.05, 0.04, 0.03], 2, false],
    ['the next ones hold a part that counts', [3, 2.5, 0.2, 0.2, 0.2], 2, true],
    ['all are alike', [1, 1, 1, 1], 2, true],
    ['the last one wanted is far from the next, but many follow', [1, 0.5, ...Array.from({ length: 20 }, () => 0.1)], 2, true],
    ['there are no more than are wanted', [1, 1], 2, false],
    ['there is nothing', [], 5, false],
    ['nothing scores', [0, 0, 0], 1, false],
  ] as const)('%s', (_, scores, k, expected) => {
    expect(worth(scores, k)).toBe(expected);
  });

  it('looks at the candidates alone', () => {
    const sure = [5, 5, ...Array.from({ length: 23 }, () => 0.001)];
    expect(worth([...sure, ...Array.from({ length: 500 }, () => 1)], 2)).toBe(false);
    expect(worth(Array.from({ length: 100 }, () => 1), 25)).toBe(false);
  });

  it('says the same whatever the scale of the scores, and yes for fewer wanted where it says yes for more', () => {
    const falling = fc.array(fc.double({ min: 0.001, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 }).map((list) => list.toSorted((a, b) => b - a));
    fc.assert(
      fc.property(falling, fc.integer({ min: 2, max: 30 }), (scores, k) => {
        expect(worth(scores.map((score) => score * 1024), k)).toBe(worth(scores, k));
        if (worth(scores, k)) expect(worth(scores, k - 1)).toBe(true);
      }),
    );
  });
});
