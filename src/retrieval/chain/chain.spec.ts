import type { NameColumns, RaggedColumn, TextHits } from '../../graph/retrieval-columns.types.ts';
import { specificityOf } from '../../graph/specificity.ts';
import { RETRIEVAL_DEFAULTS } from '../retrieval-config.ts';
import { pathsTo } from './explain.ts';
import { nameView, shares, type NameView } from './names.ts';
import { bestFirst } from './order.ts';
import { analyseQuestion } from './question.ts';
import { questionNames } from './question-names.ts';
import { denseRelevance, hybridRelevance, indexScores, lexicalRelevance, questionIdf } from './relevance.ts';
import { seeds } from './seeds.ts';
import { targetsOf } from './targets.ts';

const ragged = (lists: readonly (readonly number[])[]): RaggedColumn => ({
  offsets: Int32Array.from([0, ...lists.map((_, i) => lists.slice(0, i + 1).flat().length)]),
  values: Int32Array.from(lists.flat()),
});

interface TestName {
  readonly norm: string;
  readonly walk?: boolean;
  readonly frequency?: number;
  readonly titles?: readonly number[];
  readonly mentions?: readonly number[];
}

function columns(names: readonly TestName[]): NameColumns {
  return {
    norms: names.map((name) => name.norm),
    keys: Int32Array.from(names, (_, i) => i + 1),
    walk: Uint8Array.from(names, (name) => Number(name.walk ?? true)),
    frequencies: Int32Array.from(names, (name) => name.frequency ?? 1),
    specificities: Float64Array.from(names, (name) => specificityOf(name.frequency ?? 1, name.norm.split(' ').map(() => 1), 100)),
    titlePassages: ragged(names.map((name) => name.titles ?? [])),
    mentionPassages: ragged(names.map((name) => name.mentions ?? [])),
    inTitlePassages: ragged(names.map(() => [])),
    hasTitle: Uint8Array.from(names, (name) => Number((name.titles ?? []).length > 0)),
  };
}

const view = (name: TestName): NameView => nameView(columns([name]), 0);

describe('bestFirst', () => {
  it('orders by score in whole billionths, then by tie', () => {
    const ties = new Map([[1, '10'], [2, '9'], [3, 'a'], [4, 'b'], [5, 'c']]);
    const asked: number[] = [];
    const scores = new Map([[1, 0.5], [2, 0.5 + 1e-12], [4, 0.9], [3, 0.9], [5, 0.7]]);
    const run = (limit?: number): number[] => {
      const program = bestFirst(scores, new Map(), limit);
      let step = program.next();
      while (step.done !== true) {
        const { keys } = step.value.query as { readonly keys: readonly number[] };
        asked.push(...keys);
        step = program.next(keys.map((key) => ties.get(key) ?? ''));
      }
      return step.value;
    };
    expect(run()).toEqual([3, 4, 5, 2, 1]);
    expect(asked.splice(0).sort()).toEqual([1, 2, 3, 4]);
    expect(run(1)).toEqual([3]);
    // Only what could be among the first is told apart.
    expect(asked.sort()).toEqual([3, 4]);
  });
});

describe('analyseQuestion', () => {
  it('takes words, stems and n-grams of a question', () => {
    const question = analyseQuestion('Who wrote the songs of Anna Berger?', 100);
    expect(question.searchWords).toEqual(['wrote', 'songs', 'anna', 'berger']);
    expect(question.stems).toEqual(['wrote', 'song', 'anna', 'berger']);
    expect(question.cased).toBe(true);
    expect(question.ngrams).toContain('songs of anna berger');
    expect(question.ngrams).not.toContain('who');
  });

  it('knows a question typed without capitals, and bounds a long one', () => {
    expect(analyseQuestion('Who is anna berger?', 100).cased).toBe(false);
    expect(analyseQuestion('word '.repeat(50_000), 512).words).toHaveLength(512);
    expect(analyseQuestion('', 100)).toMatchObject({ searchWords: [], ngrams: [] });
  });
});

describe('questionNames', () => {
  const found = (names: readonly TestName[]) => ({ passageCount: 100, names: columns(names) });
  const named = (text: string, names: readonly TestName[]): [string, number][] =>
    questionNames(analyseQuestion(text, 100), found(names), (name) => name.frequency <= 10).map(({ name, times }) => [name.norm, times]);

  it('takes the longest walk name, then rare names on the words left', () => {
    const names = [{ norm: 'new york' }, { norm: 'york' }, { norm: 'york hall', walk: false }, { norm: 'hall', walk: false }];
    expect(named('Where is New York Hall?', names)).toEqual([['new york', 1], ['hall', 1]]);
  });

  it('counts a name as often as it stands there', () => {
    expect(named('Did Oslo grow faster than Oslo?', [{ norm: 'oslo' }])).toEqual([['oslo', 2]]);
  });

  it('needs a capital, unless the question has none', () => {
    const names = [{ norm: 'good' }, { norm: 'good book' }, { norm: 'oslo', frequency: 3 }, { norm: 'city', frequency: 50 }];
    expect(named('Is Oslo a good book?', names)).toEqual([['oslo', 1]]);
    expect(named('is oslo a good book city?', names)).toEqual([['oslo', 1], ['good book', 1]]);
  });

  it('also gives the parts of an untitled name with "and"', () => {
    const names = [{ norm: 'harold and tostig godwinson' }, { norm: 'harold' }, { norm: 'tostig godwinson' }];
    expect(named('Were Harold and Tostig Godwinson brothers?', names)).toEqual([['harold and tostig godwinson', 1], ['harold', 1], ['tostig godwinson', 1]]);
    const titled = [{ norm: 'harold and tostig godwinson', titles: [1] }, { norm: 'harold' }];
    expect(named('Were Harold and Tostig Godwinson brothers?', titled)).toEqual([['harold and tostig godwinson', 1]]);
  });
});

describe('relevance', () => {
  const hits: TextHits = {
    passages: Int32Array.of(7, 8),
    scores: Float64Array.of(4, 1),
    passageCount: 10,
    stemFrequencies: Int32Array.of(2, 0),
  };

  it('divides by the best', () => {
    expect([...lexicalRelevance(indexScores(hits))]).toEqual([[7, 1], [8, 0.25]]);
    expect(lexicalRelevance(new Map()).size).toBe(0);
  });

  it('combines with cosines scaled to [0, 1]', () => {
    const combined = hybridRelevance(lexicalRelevance(indexScores(hits)), denseRelevance(new Map([[7, 0.2], [9, 0.8], [8, Number.NaN]])), 0.5);
    expect(combined.get(9)).toBeCloseTo(1);
    expect(combined.get(7)).toBeCloseTo(1);
    expect(combined.get(8)).toBeCloseTo(0.25);
  });

  it('gives an unseen stem its fixed idf', () => {
    const idf = questionIdf(analyseQuestion('old rivers', 10), hits, 8);
    expect(idf[0]).toBeCloseTo(Math.log(1 + 8.5 / 2.5));
    expect(idf[1]).toBe(8);
  });
});

describe('names', () => {
  it('makes frequent names and names of frequent words unspecific', () => {
    expect(specificityOf(1, [1], 100)).toBeCloseTo(1);
    expect(specificityOf(50, [50], 100)).toBeLessThan(0.3);
    expect(specificityOf(1, [90], 100)).toBeLessThan(0.2);
  });

  it('shares a weight by parts of the sum', () => {
    expect([...shares([1, 2], (passage) => passage)]).toEqual([[1, 1 / 3], [2, 2 / 3]]);
    expect(shares([], () => 1).size).toBe(0);
  });

  it('leads to title pages first, to mentions with less', () => {
    const rel = new Map([[2, 0.5]]);
    const targets = targetsOf(view({ norm: 'oslo', titles: [1], mentions: [2, 3] }), rel, RETRIEVAL_DEFAULTS);
    expect(targets.passages).toEqual([1, 2, 3]);
    expect(targets.weights[0]).toBeCloseTo(1.2);
    expect(targets.weights[1]).toBeCloseTo(((0.3 * 0.52) / 0.54) * 1.7);
    const lone = targetsOf(view({ norm: 'oslo', mentions: [2] }), rel, RETRIEVAL_DEFAULTS);
    expect(lone.weights).toEqual([expect.closeTo(0.15 * 1.7)]);
  });
});

describe('seeds', () => {
  it('starts from the most relevant passages and from the pages of the names asked', () => {
    const rel = new Map([[1, 1], [2, 0.5]]);
    const names = [{ name: view({ norm: 'oslo', titles: [5] }), times: 1 }];
    const { level, names: why, nameWeights } = seeds([1, 2], rel, names, RETRIEVAL_DEFAULTS);
    expect(level.get(5)).toBeCloseTo(RETRIEVAL_DEFAULTS.nameSeed);
    expect((level.get(1) ?? 0) + (level.get(2) ?? 0)).toBeCloseTo(1);
    expect([...why]).toEqual([[5, ['oslo']]]);
    expect([...nameWeights]).toEqual([['oslo', RETRIEVAL_DEFAULTS.nameSeed]]);
    expect(seeds([], new Map(), [], RETRIEVAL_DEFAULTS).level.size).toBe(0);
  });
});

describe('pathsTo', () => {
  it('leads a passage back over its strongest steps', () => {
    const first = new Map([[2, { from: 1, name: 'anna', weight: 0.4 }]]);
    const second = new Map([[3, { from: 2, name: 'oslo', weight: 0.2 }], [2, { from: 1, name: 'weak', weight: 0.1 }]]);
    expect(pathsTo(3, [first, second])).toEqual([[1, 'anna', 2], [2, 'oslo', 3]]);
    expect(pathsTo(2, [first, second])).toEqual([[1, 'anna', 2]]);
    expect(pathsTo(9, [first, second])).toEqual([]);
    const back = new Map([[1, { from: 2, name: 'anna', weight: 0.9 }]]);
    expect(pathsTo(1, [first, back])).toEqual([]);
    expect(pathsTo(1, [new Map([...first, [1, { from: 4, name: 'ulm', weight: 0.2 }]]), back])).toEqual([[4, 'ulm', 1]]);
  });
});
