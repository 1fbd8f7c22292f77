/** Records a batch has if nothing else is known. */
const BASE = 100;
/** Between these a batch's size is adjusted. */
export const LEAST_RECORDS = 50;
export const MOST_RECORDS = 500;
/** What a batch should take: long enough that starting it costs little, short enough that it holds its locks for a moment only. */
export const TARGET_MS = 1000;
/** A size grows or shrinks by at most this factor from one batch to the next: one odd time says little. */
export const STEP = 1.5;

const FEW = 500;
const MANY = 5000;

/**
 * The size of the first batch: few records go in one or two; many begin small, since what a batch costs is not known yet and there is
 * time to find out.
 */
export function firstBatchSize(totalRecords: number): number {
  if (totalRecords < FEW) return Math.min(totalRecords, 250);
  return totalRecords < MANY ? BASE : Math.max(LEAST_RECORDS, Math.floor(BASE / 2));
}

/** The size of the next batch after one of `size` records took `ms`: what would have taken the target time, a bounded step towards it. */
export function nextBatchSize(size: number, ms: number): number {
  const ideal = ms <= 0 ? Number.POSITIVE_INFINITY : (size * TARGET_MS) / ms;
  return withinBounds(Math.min(size * STEP, Math.max(size / STEP, ideal)));
}

/** The size of the next batch after one failed for a passing reason, such as a lack of memory. */
export function smallerBatchSize(size: number): number {
  return withinBounds(size / STEP);
}

function withinBounds(size: number): number {
  return Math.min(MOST_RECORDS, Math.max(LEAST_RECORDS, Math.round(size)));
}
