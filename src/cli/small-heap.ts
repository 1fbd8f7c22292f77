import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap small, for the whole process. Reading documents makes much that lives for a moment, and V8 takes that for a reason to
 * let its nursery grow to a hundred megabytes and more, and to wait with a full collection until the heap is several times what lives:
 * 200 MB less at a twentieth more time (`test/benchmarks/salted-transcripts.mjs`). Questions are slower with a small nursery, so a service
 * never does this. To be called before the work begins.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
