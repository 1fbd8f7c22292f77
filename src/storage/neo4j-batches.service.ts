import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { Neo4jConnection } from './neo4j-connection.service.ts';
import { firstBatchSize, nextBatchSize, smallerBatchSize } from './neo4j/batch-size.ts';
import { StorageError } from './storage.errors.ts';

/** How records are cut into batches. */
export interface BatchOptions {
  /** Records of the first batch; left out: what the last run of the query came to, else what fits the number of records. */
  readonly batchSize?: number;
  /** Whether the size follows the batches' own times; true if left out. */
  readonly adaptive?: boolean;
  /** Checked before each batch; what is written by then stays. */
  readonly signal?: AbortSignal;
}

/** What became of the batches. */
export interface BatchReport {
  readonly totalRecords: number;
  /** Records of the first batch. */
  readonly batchSize: number;
  readonly totalBatches: number;
  readonly failedBatches: number;
  /** Batches that were written, in percent of all; 100 if there were none. */
  readonly successRate: number;
  readonly avgTimePerBatchMs: number;
  readonly totalTimeMs: number;
}

/** A batch that was rolled back; `from` and `to` are the places of its first and last record, from 0. */
interface FailedBatch {
  readonly batch: number;
  readonly from: number;
  readonly to: number;
  readonly error: unknown;
}

interface Run {
  readonly query: string;
  readonly records: readonly unknown[];
  readonly adaptive: boolean;
  readonly failed: FailedBatch[];
  size: number;
  next: number;
  batches: number;
}

/** Sizes are remembered for so many queries, those used last. */
const MAX_QUERIES = 200;
/** So many failed batches are named, and their causes kept. */
const MAX_NAMED = 20;

/** Writes many records to Neo4j, in batches of which each is one transaction. */
@Injectable()
export class Neo4jBatches {
  readonly #logger = new Logger(Neo4jBatches.name);
  readonly #learnt = new Map<string, number>();

  constructor(
    private readonly connection: Pick<Neo4jConnection, 'write'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs a query that begins with `UNWIND $records AS …` over all records, a batch at a time, in order. A batch that fails is rolled
   * back and logged; the others go on.
   * @throws StorageError `store-batch-failed` at the end if any failed: `details` holds the report and names the batches; the reason
   * of the signal
   */
  async executeBatch(query: string, records: readonly unknown[], options: BatchOptions = {}): Promise<BatchReport> {
    const start = this.clock.monotonic();
    const { adaptive = true, signal } = options;
    const first = this.#firstSize(query, records.length, { ...options, adaptive });
    const run: Run = { query, records, adaptive, failed: [], size: first, next: 0, batches: 0 };
    while (run.next < records.length) {
      signal?.throwIfAborted();
      await this.#writeNext(run);
    }
    const report = reportOf(run, first, this.clock.monotonic() - start);
    if (run.failed.length > 0) throw batchesFailed(run.failed, report);
    return report;
  }

  #firstSize(query: string, totalRecords: number, { batchSize, adaptive }: BatchOptions): number {
    const learnt = adaptive === true ? this.#learnt.get(query) : undefined;
    const size = Math.max(1, Math.trunc(batchSize ?? learnt ?? firstBatchSize(totalRecords)));
    return Math.min(totalRecords, size);
  }

  async #writeNext(run: Run): Promise<void> {
    const { query, size, next } = run;
    const batch = run.records.slice(next, next + size);
    const start = this.clock.monotonic();
    run.batches += 1;
    run.next += batch.length;
    try {
      await this.connection.write((transaction) => transaction.run(query, { records: batch }));
      // A last batch of a few records tells little of how long full ones take.
      if (batch.length === size) this.#adapt(run, this.clock.monotonic() - start);
    } catch (error) {
      run.failed.push({ batch: run.batches, from: next, to: run.next - 1, error });
      this.#logger.error({ err: error }, `batch ${String(run.batches)}, records ${String(next)} to ${String(run.next - 1)}, failed and was rolled back`);
      if (run.adaptive && isPassing(error)) run.size = smallerBatchSize(size);
    }
  }

  #adapt(run: Run, ms: number): void {
    if (!run.adaptive) return;
    run.size = nextBatchSize(run.size, ms);
    this.#learn(run.query, run.size);
  }

  #learn(query: string, size: number): void {
    this.#learnt.delete(query);
    this.#learnt.set(query, size);
    const oldest = this.#learnt.keys().next();
    if (this.#learnt.size > MAX_QUERIES && oldest.done !== true) this.#learnt.delete(oldest.value);
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof StorageError && error.retryable;
}

function reportOf({ records, batches, failed }: Run, batchSize: number, totalTimeMs: number): BatchReport {
  return {
    totalRecords: records.length,
    batchSize,
    totalBatches: batches,
    failedBatches: failed.length,
    successRate: batches === 0 ? 100 : ((batches - failed.length) / batches) * 100,
    avgTimePerBatchMs: batches === 0 ? 0 : totalTimeMs / batches,
    totalTimeMs,
  };
}

function batchesFailed(failed: readonly FailedBatch[], report: BatchReport): StorageError {
  const named = failed.slice(0, MAX_NAMED);
  const names = named.map(({ batch, from, to }) => `${String(batch)} (records ${String(from)} to ${String(to)})`);
  const more = failed.length > named.length ? ` and ${String(failed.length - named.length)} more` : '';
  return new StorageError('store-batch-failed', `${String(failed.length)} of ${String(report.totalBatches)} batches were not written: ${names.join(', ')}${more}.`, {
    remedy: 'The log tells why each failed. Correct the records and write those batches again; the others are written.',
    retryable: failed.every(({ error }) => isPassing(error)),
    details: { ...report, batches: named.map(({ batch, from, to }) => ({ batch, from, to })) },
    cause: new AggregateError(named.map(({ error }) => error), 'batches failed'),
  });
}
