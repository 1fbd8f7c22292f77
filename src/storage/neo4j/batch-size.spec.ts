import fc from 'fast-check';
import { firstBatchSize, LEAST_RECORDS, MOST_RECORDS, nextBatchSize, smallerBatchSize, STEP, TARGET_MS } from './batch-size.ts';

const size = fc.integer({ min: LEAST_RECORDS, max: MOST_RECORDS });
const ms = fc.double({ min: 0.01, max: 1e6, noNaN: true });

describe('the size of the first batch', () => {
  it.each([
    [0, 0],
    [1, 1],
    [249, 249],
    [250, 250],
    [499, 250],
    [500, 100],
    [4999, 100],
    [5000, 50],
    [1_000_000, 50],
  ])('for %i records is %i', (records, expected) => {
    expect(firstBatchSize(records)).toBe(expected);
  });
});

describe('the size of the next batch', () => {
  it('stays within its bounds, whatever the size and the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1e9, noNaN: true }), (last, time) => {
        const next = nextBatchSize(last, time);
        return Number.isInteger(next) && next >= LEAST_RECORDS && next <= MOST_RECORDS;
      }),
    );
  });

  it('takes one bounded step at a time', () => {
    fc.assert(
      fc.property(size, ms, (last, time) => {
        const next = nextBatchSize(last, time);
        // Half a record for rounding.
        return next <= last * STEP + 0.5 && next >= last / STEP - 0.5;
      }),
    );
  });

  it('grows after a fast batch, shrinks after a slow one', () => {
    fc.assert(fc.property(size, ms, (last, time) => (time <= TARGET_MS ? nextBatchSize(last, time) >= last : nextBatchSize(last, time) <= last)));
  });

  it('is never larger after a longer time', () => {
    fc.assert(fc.property(size, ms, ms, (last, a, b) => nextBatchSize(last, Math.max(a, b)) <= nextBatchSize(last, Math.min(a, b))));
  });

  it('comes to the target time, or to a bound, when every record costs the same', () => {
    fc.assert(
      fc.property(size, fc.double({ min: 0.001, max: 1000, noNaN: true }), (start, msPerRecord) => {
        let last = start;
        for (let i = 0; i < 12; i += 1) last = nextBatchSize(last, last * msPerRecord);
        const ideal = Math.min(MOST_RECORDS, Math.max(LEAST_RECORDS, TARGET_MS / msPerRecord));
        return Math.abs(last - ideal) <= 1;
      }),
    );
  });

  it('shrinks by one step, not below the least, after a failure', () => {
    expect(smallerBatchSize(300)).toBe(200);
    expect(smallerBatchSize(60)).toBe(LEAST_RECORDS);
  });
});
