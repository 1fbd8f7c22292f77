import type { TermCounts } from '../../graph/retrieval-columns.types.ts';
import { RETRIEVAL_DEFAULTS } from '../retrieval-config.ts';
import { analyseQuestion } from './question.ts';
import { type CountedPassages, inverseDocumentFrequency, rescored } from './rescore.ts';

const CONFIG = { ...RETRIEVAL_DEFAULTS, bm25K1: 0.9, bm25B: 0.4, titleWeight: 2, pairWeight: 0 };
const COUNTS: TermCounts = {
  titleLengths: Int32Array.of(2, 2, 2),
  bodyLengths: Int32Array.of(10, 10, 30),
  // Three passages by the stems "old" and "bridg".
  titleCounts: Uint16Array.of(1, 0, 0, 0, 0, 0),
  bodyCounts: Uint16Array.of(0, 0, 1, 1, 1, 1),
  titlePairs: new Uint16Array(3),
  bodyPairs: Uint16Array.of(0, 1, 0),
  meanTitleLength: 2,
  meanBodyLength: 10,
};
const counted = (counts = COUNTS): CountedPassages => ({ passages: [11, 12, 13], counts, frequencies: { passageCount: 100, stemFrequencies: Int32Array.of(5, 20) } });

describe('rescored', () => {
  const question = analyseQuestion('old bridges', 10);
  const score = (order: readonly number[], config = CONFIG, from = counted()): number[] => [...rescored(question, order, from, config).values()];

  it('sums idf times saturated frequency, the title twice as heavy, a longer body less', () => {
    const [old, bridge] = [inverseDocumentFrequency(100, 5), inverseDocumentFrequency(100, 20)];
    const saturated = (tf: number): number => (1.9 * tf) / (tf + 0.9);
    const [first, second, third] = score(question.order);
    expect(first).toBeCloseTo(old * saturated(2));
    expect(second).toBeCloseTo((old + bridge) * saturated(1));
    expect(third).toBeCloseTo((old + bridge) * saturated(1 / (0.6 + 0.4 * 3)));
  });

  it('counts a stem again that the question repeats, and none that it leaves out', () => {
    expect(score([0, 0])).toEqual(score([0]).map((value) => 2 * value));
    expect(score([1])[0]).toBe(0);
    expect(score([])).toEqual([0, 0, 0]);
  });

  it('adds pairs of stems in a row, where they follow each other in what is asked', () => {
    const [, plain = 0] = score([0, 1]);
    const [, paired = 0] = score([0, 1], { ...CONFIG, pairWeight: 0.2 });
    expect(paired - plain).toBeCloseTo(0.2 * inverseDocumentFrequency(100, 1));
    expect(score([1, 0], { ...CONFIG, pairWeight: 0.2 })[1]).toBeCloseTo(plain);
  });

  it('is 0 for a passage that holds nothing, also in an index without titles', () => {
    const none = { ...COUNTS, titleCounts: new Uint16Array(6), bodyCounts: new Uint16Array(6), titleLengths: new Int32Array(3), meanTitleLength: 0, meanBodyLength: 0 };
    expect(score([0, 1], CONFIG, counted(none))).toEqual([0, 0, 0]);
    expect(score([0, 1], CONFIG, counted({ ...COUNTS, titleLengths: new Int32Array(3), meanTitleLength: 0 }))[0]).toBeGreaterThan(0);
  });
});

describe('inverseDocumentFrequency', () => {
  it('falls with the passages that have a term, and stays above 0', () => {
    const values = [0, 1, 50, 100].map((frequency) => inverseDocumentFrequency(100, frequency));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values.at(-1)).toBeGreaterThan(0);
  });
});
