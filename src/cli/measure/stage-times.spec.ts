import { stageColumns, stageTimes } from './stage-times.ts';

describe('stageTimes', () => {
  it('sums up each stage over the requests that had it', () => {
    expect(stageTimes([{ lexical: 1, total: 4 }, { lexical: 3, dense: 0, total: 5 }, { lexical: 8, total: 9 }])).toEqual({
      lexical: { mean: 4, p50: 3, p95: 8 },
      total: { mean: 6, p50: 5, p95: 9 },
      dense: { mean: 0, p50: 0, p95: 0 },
    });
  });

  it('has no stage without a request', () => {
    expect(stageTimes([])).toEqual({});
  });
});

describe('stageColumns', () => {
  it('names the median of each stage, without the whole', () => {
    expect(stageColumns([{ hop1: 2, total: 9 }, { hop1: 4, total: 9 }, { hop1: 5, total: 9 }])).toEqual({ hop1P50Ms: 4 });
  });
});
