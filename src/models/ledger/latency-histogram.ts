/** Each bucket ends so many times higher than the one before it, so a percentile is off by less than half of that. */
const GROWTH = 1.1;
const FIRST_MS = 1;
const LOG_GROWTH = Math.log(GROWTH);

/** Counts of latencies by bucket, sparse; may be added up and kept as JSON. */
export type LatencyHistogram = Readonly<Record<string, number>>;

/** The bucket a latency falls into. */
export function bucketOf(ms: number): number {
  return ms <= FIRST_MS ? 0 : Math.ceil(Math.log(ms / FIRST_MS) / LOG_GROWTH);
}

export function addedUp(first: LatencyHistogram, second: LatencyHistogram): LatencyHistogram {
  const sum: Record<string, number> = { ...first };
  for (const [bucket, count] of Object.entries(second)) sum[bucket] = (sum[bucket] ?? 0) + count;
  return sum;
}

/** The latency in milliseconds that `share` (0 to 1) of the calls stayed below, to within 5 %; 0 for none. */
export function percentileOf(histogram: LatencyHistogram, share: number): number {
  const buckets = Object.entries(histogram).map(([bucket, count]) => [Number(bucket), count] as const).sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let left = Math.max(1, Math.ceil(share * total));
  for (const [bucket, count] of buckets) {
    left -= count;
    if (left <= 0) return Math.round(FIRST_MS * GROWTH ** (bucket - 0.5) * 10) / 10;
  }
  return 0;
}
