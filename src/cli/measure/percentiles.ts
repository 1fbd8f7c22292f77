/** Latencies in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** The value below which `share` (0 to 1) of the values lie, by the nearest rank; 0 for none. */
export function percentile(sorted: Float64Array, share: number): number {
  const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return sorted[rank] ?? 0;
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Percentiles of measured milliseconds, to hundredths. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  return {
    p50: rounded(percentile(sorted, 0.5)),
    p95: rounded(percentile(sorted, 0.95)),
    p99: rounded(percentile(sorted, 0.99)),
  };
}
