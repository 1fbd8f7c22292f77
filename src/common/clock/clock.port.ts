/** Time, injected so that no test sleeps. */
export abstract class Clock {
  /** Milliseconds since the Unix epoch. */
  abstract now(): number;

  /** Milliseconds from an arbitrary start; never goes back. For durations. */
  abstract monotonic(): number;

  /**
   * Resolves after `ms` milliseconds.
   * @throws the signal's reason as soon as `signal` is aborted.
   */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
