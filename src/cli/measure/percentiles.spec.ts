import { percentilesOf } from './percentiles.ts';

describe('percentilesOf', () => {
  it('takes the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentilesOf(values)).toEqual({ p50: 50, p95: 95, p99: 99 });
  });

  it('is the value itself for one, and 0 for none', () => {
    expect(percentilesOf([1.234])).toEqual({ p50: 1.23, p95: 1.23, p99: 1.23 });
    expect(percentilesOf([])).toEqual({ p50: 0, p95: 0, p99: 0 });
  });
});
