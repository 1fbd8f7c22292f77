import type { LatencyHistogram } from './latency-histogram.ts';

/** What calls of one operation with one model used. */
export interface UsageCounts {
  /** Calls that succeeded, and that failed or were given up. */
  readonly calls: number;
  readonly failed: number;
  /** Attempts after the first. */
  readonly retries: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: number;
  /** Texts that a cache answered, so that no call was made for them. */
  readonly cacheHits: number;
  /** Of calls that succeeded, from the call to its end, waits included. */
  readonly latency: LatencyHistogram;
}

/** One line of the ledger. */
export interface UsageLine extends UsageCounts {
  readonly operation: string;
  readonly model: string;
}

/** A line as it is shown; latencies in milliseconds. */
export interface UsageView extends Omit<UsageLine, 'latency'> {
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
}
