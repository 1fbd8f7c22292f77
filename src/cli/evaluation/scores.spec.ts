import fc from 'fast-check';
import { hitAt, recallAt, scoreRankings } from './scores.ts';

const found = (...ids: string[]): { externalId: string }[] => ids.map((externalId) => ({ externalId }));

describe('recallAt', () => {
  it('counts distinct documents, not passages', () => {
    const passages = found('a', 'a', 'b', 'c');
    expect(recallAt(['b'], passages, 2)).toBe(1);
    expect(recallAt(['c'], passages, 2)).toBe(0);
    expect(recallAt(['a', 'c'], passages, 2)).toBe(0.5);
  });

  it('never falls when k grows', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });
    const gold = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
    fc.assert(
      fc.property(ids, gold, fc.integer({ min: 1, max: 10 }), (ranking, wanted, k) => {
        const [at, after] = [recallAt(wanted, found(...ranking), k), recallAt(wanted, found(...ranking), k + 1)];
        expect(at).toBeGreaterThanOrEqual(0);
        expect(after).toBeLessThanOrEqual(1);
        expect(after).toBeGreaterThanOrEqual(at);
      }),
    );
  });
});

describe('hitAt', () => {
  const question = { document: 'm.txt', goldLines: [[10, 20]] as const };

  it.each([
    [[1, 9], false],
    [[1, 10], true],
    [[12, 15], true],
    [[20, 30], true],
    [[21, 30], false],
  ] as const)('lines %j overlap 10 to 20: %s', (lines, expected) => {
    expect(hitAt(question, [{ externalId: 'm.txt', lines }], 1)).toBe(expected);
  });

  it('takes the first k passages of that document only', () => {
    const passages = [{ externalId: 'other.txt', lines: [10, 20] as const }, { externalId: 'm.txt' }, { externalId: 'm.txt', lines: [10, 20] as const }];
    expect(hitAt(question, passages, 2)).toBe(false);
    expect(hitAt(question, passages, 3)).toBe(true);
  });
});

describe('scoreRankings', () => {
  it('gives means in percent, each measure over the questions that ask for it', () => {
    const documents = (gold: string[]) => ({ kind: 'documents', id: gold.join(), question: '?', gold }) as const;
    const lines = { kind: 'lines', id: 'l', question: '?', document: 'm.txt', goldLines: [[1, 2]] } as const;
    const rankings = [
      { question: documents(['a', 'b']), passages: found('a', 'x', 'b') },
      { question: documents(['y']), passages: found('y') },
      { question: documents(['z']), passages: [] },
      { question: lines, passages: [{ externalId: 'm.txt', lines: [2, 2] as const }] },
    ];
    expect(scoreRankings(rankings, [1, 3])).toEqual({
      recall: { '1': 50, '3': 66.67 },
      allGold: { '1': 33.33, '3': 66.67 },
      hit: { '1': 100, '3': 100 },
    });
  });

  it('has no share of what no question asks for', () => {
    expect(scoreRankings([], [5])).toEqual({ recall: {}, allGold: {}, hit: {} });
  });
});
