import { statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Source } from '../ingestion/ingestion.types.ts';

/** From so many bytes on it is worth a little time to keep the whole heap small. */
const LARGE_BYTES = 4_000_000;

/**
 * Keeps the heap small, for the whole process. Reading documents makes much that lives for a moment, and V8 takes that for a reason to
 * let its nursery grow to a hundred megabytes and more: without that the process stays 190 MB smaller at the same speed. And it waits with
 * a full collection until the heap is several times what lives: where there is much to be read it is not to, which saves another 150 MB and
 * takes 7 % more time (`test/benchmarks/salted-transcripts.mjs`). It has to be known beforehand: a heap that has grown is not given back.
 * Questions are slower with a small nursery, so a service never does this.
 */
export function keepHeapSmall({ isLarge }: { readonly isLarge: boolean }): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  if (isLarge) setFlagsFromString('--heap-growing-percent=50');
}

/** Whether there is much to be read; of what is no file nobody knows. */
export async function isLargeInput(sources: AsyncIterable<Source>): Promise<boolean> {
  let bytes = 0;
  for await (const source of sources) {
    if (source.kind !== 'file') return true;
    bytes += statSync(source.path, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes >= LARGE_BYTES) return true;
  }
  return false;
}
