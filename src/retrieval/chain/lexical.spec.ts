import { replyTo, type Answering, type LookUpProgram } from '../../graph/look-ups.types.ts';
import type { TermCountQuery } from '../../graph/passage-index.port.ts';
import type { TermCounts } from '../../graph/retrieval-columns.types.ts';
import { RETRIEVAL_DEFAULTS, type RetrievalConfig } from '../retrieval-config.ts';
import { findByWords, lexicalScores, relevanceByStems, withOthers } from './lexical.ts';
import { analyseQuestion } from './question.ts';

const QUESTION = analyseQuestion('old bridges', 10);
/** Of three passages: how often "old" and "bridg" stand in the body. */
const BODIES: Readonly<Record<number, readonly [old: number, bridge: number]>> = { 1: [1, 0], 2: [1, 1], 3: [0, 2] };

function counts({ passages, stems, pairs }: TermCountQuery): TermCounts {
  const bodies = passages.flatMap((passage) => BODIES[passage] ?? [0, 0]);
  return {
    titleLengths: new Int32Array(passages.length),
    bodyLengths: new Int32Array(passages.length).fill(5),
    titleCounts: new Uint16Array(passages.length * stems.length),
    bodyCounts: Uint16Array.from(bodies),
    titlePairs: new Uint16Array(passages.length * pairs.length),
    bodyPairs: Uint16Array.from(passages.flatMap((passage) => pairs.map(() => Number(passage === 2)))),
    meanTitleLength: 0,
    meanBodyLength: 5,
  };
}

function drive<T>(program: LookUpProgram<T>, asked: string[] = []): T {
  const text = { passages: Int32Array.of(2, 1), scores: Float64Array.of(3, 1), passageCount: 10, stemFrequencies: Int32Array.of(2, 2) };
  const answers = { searchText: () => text, termCounts: counts } as unknown as Answering;
  let step = program.next();
  while (step.done !== true) {
    asked.push(step.value.kind);
    step = program.next(replyTo(step.value, answers));
  }
  return step.value;
}

const config = (changes: Partial<RetrievalConfig> = {}): RetrievalConfig => ({ ...RETRIEVAL_DEFAULTS, ...changes });

describe('findByWords', () => {
  it('scores what was found by the stems counted in it', () => {
    const found = drive(findByWords(QUESTION, config(), undefined));
    const scores = lexicalScores(found, QUESTION.order, config());
    expect([...scores.keys()].sort()).toEqual([1, 2]);
    expect(scores.get(2)).toBeGreaterThan(scores.get(1) ?? Number.NaN);
  });

  it('leaves the scores of the text index where they are wanted, and counts nothing', () => {
    const asked: string[] = [];
    const found = drive(findByWords(QUESTION, config({ rescoreWeight: 0 }), undefined), asked);
    expect(asked).toEqual(['searchText']);
    expect([...lexicalScores(found, QUESTION.order, config({ rescoreWeight: 0 }))]).toEqual([[2, 3], [1, 1]]);
    expect(relevanceByStems(found, QUESTION.order, config())).toBeUndefined();
  });
});

describe('withOthers', () => {
  const scoresOf = (others: readonly number[], asked: string[] = []): (readonly [number, number])[] => {
    const found = drive(findByWords(QUESTION, config(), undefined));
    return [...lexicalScores(drive(withOthers(found, others, config()), asked), QUESTION.order, config())];
  };

  it('enters passages that were found otherwise, as if words had found them', () => {
    const scores = new Map(scoresOf([3, 1]));
    expect([...scores.keys()].sort()).toEqual([1, 2, 3]);
    expect(scores.get(3)).toBeGreaterThan(0);
    expect(scores.get(1)).toBe(new Map(scoresOf([])).get(1));
  });

  it('looks nothing up when all are known', () => {
    const asked: string[] = [];
    scoresOf([1, 2], asked);
    expect(asked).toEqual([]);
  });
});
