import fc from 'fast-check';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { FakeRecordStore } from '../../../test/fakes/fake-record-store.ts';
import { RecordedLogs } from '../../../test/fakes/recorded-logs.ts';
import { StorageError } from '../../storage/storage.errors.ts';
import { workspaceScope } from '../../storage/storage.types.ts';
import { bucketOf, percentileOf } from './latency-histogram.ts';
import { shownUsage, UsageLedger } from './usage-ledger.service.ts';

const EXTRACT = { workspaceUid: 'w', operation: 'extract', model: 'm' };
const USAGE = { promptTokens: 100, completionTokens: 20, costUsd: 0.5 };

describe('UsageLedger', () => {
  let clock: FakeClock;
  let records: FakeRecordStore;
  const open = (): UsageLedger => new UsageLedger(records, clock);
  beforeEach(() => {
    clock = new FakeClock();
    records = new FakeRecordStore(clock);
  });

  it('adds up by workspace, operation and model, over restarts', async () => {
    const first = open();
    first.call(EXTRACT, { retries: 2, latencyMs: 1000, usage: USAGE });
    first.call(EXTRACT, { retries: 0, latencyMs: 1000, usage: USAGE });
    first.call(EXTRACT, { retries: 1, latencyMs: 50 });
    first.call({ ...EXTRACT, workspaceUid: 'other' }, { retries: 0, latencyMs: 1, usage: USAGE });
    first.cached({ ...EXTRACT, operation: 'embed-passages' }, 7);
    await first.onApplicationShutdown();
    const second = open();
    second.call(EXTRACT, { retries: 0, latencyMs: 1000, usage: USAGE });
    const lines = shownUsage(await second.of({ uid: 'w' }));
    expect(lines.map(({ operation, calls, failed, retries, promptTokens, costUsd, cacheHits }) => [operation, calls, failed, retries, promptTokens, costUsd, cacheHits])).toEqual([
      ['embed-passages', 0, 0, 0, 0, 0, 7],
      ['extract', 3, 1, 3, 300, 1.5, 0],
    ]);
    expect(lines[1]?.latencyMs.p50).toBeGreaterThan(950);
    expect(lines[1]?.latencyMs.p99).toBeLessThan(1050);
    expect(second.sinceStart('w')).toHaveLength(1);
    await second.onApplicationShutdown();
  });

  it('writes within a second, once for many calls', async () => {
    const ledger = open();
    for (let i = 0; i < 100; i += 1) ledger.call(EXTRACT, { retries: 0, latencyMs: 5, usage: USAGE });
    await clock.advance(999);
    expect((await records.list(workspaceScope({ uid: 'w' }), '')).records).toEqual([]);
    await clock.advance(1);
    const [kept] = (await records.list(workspaceScope({ uid: 'w' }), '')).records;
    expect(kept).toMatchObject({ version: 1, value: { calls: 100 } });
    await ledger.onApplicationShutdown();
  });

  it('loses nothing that two processes count at once', async () => {
    const ledgers = [open(), open(), open()];
    for (const ledger of ledgers) ledger.call(EXTRACT, { retries: 0, latencyMs: 5, usage: USAGE });
    await Promise.all(ledgers.map((ledger) => ledger.onApplicationShutdown()));
    expect((await open().of({ uid: 'w' }))[0]?.calls).toBe(3);
  });

  it('keeps counting while the store is away, and writes when it is back', async () => {
    const logs = new RecordedLogs();
    const ledger = open();
    records.fault = new StorageError('store-unavailable', 'gone', { retryable: true });
    ledger.call(EXTRACT, { retries: 0, latencyMs: 5, usage: USAGE });
    await clock.advance(1000);
    expect(logs.texts('warn')).toHaveLength(1);
    logs.stop();
    records.fault = undefined;
    ledger.call(EXTRACT, { retries: 0, latencyMs: 5, usage: USAGE });
    await ledger.onApplicationShutdown();
    expect((await open().of({ uid: 'w' }))[0]?.calls).toBe(2);
  });
});

describe('the histogram of latencies', () => {
  it('tells percentiles to within 5 %', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 600_000 }), { minLength: 1, maxLength: 200 }), (values) => {
        const counts: Record<string, number> = {};
        for (const value of values) counts[bucketOf(value)] = (counts[bucketOf(value)] ?? 0) + 1;
        const sorted = values.toSorted((a, b) => a - b);
        for (const share of [0.5, 0.95, 0.99]) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
          expect(Math.abs(percentileOf(counts, share) / exact - 1)).toBeLessThan(0.06);
        }
      }),
    );
    expect(percentileOf({}, 0.5)).toBe(0);
  });
});
