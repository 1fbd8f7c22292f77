import type { Clock } from '../../common/clock/clock.port.ts';

/** Lets waiters go on before their time. */
export class WakeUp {
  #early = new AbortController();

  /** Wakes everyone who waits now. */
  call(): void {
    this.#early.abort();
    this.#early = new AbortController();
  }

  /** Resolves after `ms` milliseconds, at a call, or when the signal is aborted. */
  async wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    const early = AbortSignal.any([this.#early.signal, signal]);
    await clock.sleep(ms, early).catch((error: unknown) => {
      if (!early.aborted) throw error;
    });
  }
}
