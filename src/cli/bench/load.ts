/** Milliseconds each call took, and how many failed. */
export interface LoadResult {
  readonly latencies: readonly number[];
  readonly errors: number;
  readonly seconds: number;
}

/** How a load is made: which calls, by how many callers, and when it ends. */
export interface Load {
  readonly callers: number;
  /** The call with this number; rejects when it failed. */
  readonly call: (number: number) => Promise<unknown>;
  /** Whether the call with this number is still to be made. */
  readonly goOn: (number: number) => boolean;
  readonly signal: AbortSignal;
}

/** Lets callers make one call after the other, each as soon as its last one ended (a closed loop). */
export async function applyLoad({ callers, call, goOn, signal }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  let errors = 0;
  let next = 0;
  const caller = async (): Promise<void> => {
    while (goOn(next) && !signal.aborted) {
      const start = performance.now();
      try {
        await call(next++);
        latencies.push(performance.now() - start);
      } catch {
        errors += 1;
      }
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  signal.throwIfAborted();
  return { latencies, errors, seconds: (performance.now() - start) / 1000 };
}
