import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { RecordedLogs } from '../../test/fakes/recorded-logs.ts';
import { Neo4jBatches } from './neo4j-batches.service.ts';
import type { Neo4jTransaction } from './neo4j/neo4j.types.ts';
import { StorageError } from './storage.errors.ts';

const QUERY = 'UNWIND $records AS record CREATE (:Thing {id: record})';

/** A connection whose writes take as long as told; `fail` says which records cannot be written. */
class FakeWrites {
  readonly sizes: number[] = [];
  readonly written: unknown[] = [];
  msPerRecord = 1;
  fail: (records: readonly unknown[]) => Error | undefined = () => undefined;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async write<T>(work: (transaction: Neo4jTransaction) => Promise<T>): Promise<T> {
    return await work({
      run: async <Row>(_cypher: string, parameters?: Readonly<Record<string, unknown>>): Promise<Row[]> => {
        const records = parameters?.['records'] as unknown[];
        this.sizes.push(records.length);
        await this.#clock.advance(records.length * this.msPerRecord);
        const fault = this.fail(records);
        if (fault !== undefined) throw fault;
        this.written.push(...records);
        return [];
      },
    });
  }
}

describe('executeBatch', () => {
  let clock: FakeClock;
  let writes: FakeWrites;
  let batches: Neo4jBatches;
  let logs: RecordedLogs;

  beforeEach(() => {
    clock = new FakeClock();
    writes = new FakeWrites(clock);
    batches = new Neo4jBatches(writes, clock);
    logs = new RecordedLogs();
  });
  afterEach(() => {
    logs.stop();
  });

  const records = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it('writes every record once and in order, and reports', async () => {
    writes.msPerRecord = 5;
    const report = await batches.executeBatch(QUERY, records(450), { adaptive: false });
    expect(writes.sizes).toEqual([250, 200]);
    expect(writes.written).toEqual(records(450));
    expect(report).toEqual({ totalRecords: 450, batchSize: 250, totalBatches: 2, failedBatches: 0, successRate: 100, avgTimePerBatchMs: 1125, totalTimeMs: 2250 });
  });

  it('has nothing to do with nothing', async () => {
    expect(await batches.executeBatch(QUERY, [])).toEqual({ totalRecords: 0, batchSize: 0, totalBatches: 0, failedBatches: 0, successRate: 100, avgTimePerBatchMs: 0, totalTimeMs: 0 });
    expect(writes.sizes).toEqual([]);
  });

  it('grows to what takes the target time, and the next run of the query starts there', async () => {
    writes.msPerRecord = 4;
    await batches.executeBatch(QUERY, records(6000));
    expect(writes.sizes.slice(0, 6)).toEqual([50, 75, 113, 170, 250, 250]);
    writes.sizes.splice(0);
    await batches.executeBatch(QUERY, records(6000));
    expect(writes.sizes[0]).toBe(250);
    writes.sizes.splice(0);
    await batches.executeBatch(`${QUERY} // another`, records(600));
    expect(writes.sizes[0]).toBe(100);
  });

  it('shrinks while batches are slow', async () => {
    writes.msPerRecord = 40;
    await batches.executeBatch(QUERY, records(1000));
    expect(writes.sizes.slice(0, 3)).toEqual([100, 67, 50]);
    expect(writes.sizes.at(-1)).toBeLessThanOrEqual(50);
  });

  it('keeps the size it is given when it may not adapt', async () => {
    await batches.executeBatch(QUERY, records(2000), { batchSize: 700, adaptive: false });
    expect(writes.sizes).toEqual([700, 700, 600]);
  });

  it('goes on after a failed batch, logs it with its error, and names it at the end', async () => {
    const fault = new StorageError('store-constraint-violated', 'no');
    writes.fail = (batch) => (batch.includes(150) ? fault : undefined);
    const failure: unknown = await batches.executeBatch(QUERY, records(500), { adaptive: false }).catch((error: unknown) => error);
    expect(writes.written).toEqual(records(500).filter((i) => i < 100 || i >= 200));
    expect(failure).toMatchObject({
      code: 'store-batch-failed',
      message: '1 of 5 batches were not written: 2 (records 100 to 199).',
      details: { totalBatches: 5, failedBatches: 1, successRate: 80, batches: [{ batch: 2, from: 100, to: 199 }] },
      cause: { errors: [fault] },
    });
    expect(logs.lines).toEqual([expect.objectContaining({ level: 'error', data: { err: fault } })]);
  });

  it('goes on with smaller batches after a passing fault', async () => {
    const faults = [new StorageError('store-busy', 'no memory', { retryable: true })];
    writes.fail = () => faults.pop();
    await expect(batches.executeBatch(QUERY, records(300), { batchSize: 150 })).rejects.toMatchObject({ retryable: true });
    expect(writes.sizes.slice(0, 2)).toEqual([150, 100]);
  });

  it('stops between batches when it is aborted', async () => {
    const controller = new AbortController();
    writes.fail = () => {
      controller.abort(new Error('enough'));
      return undefined;
    };
    await expect(batches.executeBatch(QUERY, records(500), { signal: controller.signal })).rejects.toThrow('enough');
    expect(writes.sizes).toEqual([100]);
  });
});
