import { graphOf, rankingOf, roundScore, viaOf } from './via.ts';

const LABELS = new Map([1, 2, 3].map((key) => [key, { chunkId: `c${String(key)}`, title: `Title ${String(key)}` }]));

describe('viaOf', () => {
  it('tells rank and score of the stages that found a passage, and leaves out the others', () => {
    const lexical = rankingOf(new Map([[8, 1], [7, 2.123_456_789]]));
    const dense = rankingOf(new Map([[7, Number.NaN], [8, -0.5]]));
    expect(viaOf(7, { lexical, dense, graph: undefined })).toEqual({ lexical: { rank: 1, score: 2.123_457 } });
    expect(viaOf(8, { lexical, dense, graph: { seeds: [], paths: [] } })).toEqual({ lexical: { rank: 2, score: 1 }, dense: { rank: 1, score: -0.5 }, graph: { seeds: [], paths: [] } });
    expect(viaOf(9, { lexical, dense, graph: undefined })).toEqual({});
  });

  it('gives equal scores the same rank', () => {
    const lexical = rankingOf(new Map([[1, 2], [2, 3], [3, 2], [4, 1]]));
    expect([1, 2, 3, 4].map((passage) => lexical(passage)?.rank)).toEqual([2, 1, 2, 4]);
  });

  it('rounds scores to the millionth', () => {
    expect([0, 1e-7, 0.123_456_5, -2].map(roundScore)).toEqual([0, 0, 0.123_457, -2]);
  });
});

describe('graphOf', () => {
  it('is nothing where neither a name nor a step led', () => {
    expect(graphOf(1, [], new Map(), LABELS)).toBeUndefined();
    expect(graphOf(1, [], new Map([[1, ['oslo']]]), LABELS)).toEqual({ seeds: ['oslo'], paths: [] });
  });

  it('tells the steps in chunk ids, with titles, and the names that lead to their beginning', () => {
    const path = [[1, 'anna', 2], [2, 'linz', 3]] as const;
    expect(graphOf(3, path, new Map([[1, ['harbour']]]), LABELS)).toEqual({
      seeds: [],
      start: ['harbour'],
      paths: [['c1', 'anna', 'c2'], ['c2', 'linz', 'c3']],
      titles: { c1: 'Title 1', c2: 'Title 2', c3: 'Title 3' },
    });
    expect(graphOf(3, path, new Map(), LABELS)).not.toHaveProperty('start');
  });

  it('does without the name of a passage that has gone meanwhile', () => {
    expect(graphOf(2, [[9, 'anna', 2]], new Map(), LABELS)?.paths).toEqual([['', 'anna', 'c2']]);
  });
});
