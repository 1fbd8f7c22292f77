import { Clock } from '../../src/common/clock/clock.port.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/**
 * A clock that only moves when told. Both times may be set; `advance(ms)` moves both and wakes the sleepers that are due, in the
 * order of their due times.
 */
export class FakeClock extends Clock {
  readonly #sleepers = new Set<Sleeper>();
  #wallMs: number;
  #monotonicMs: number;

  constructor(nowMs = Date.UTC(2026, 0, 1), monotonicMs = 0) {
    super();
    this.#wallMs = nowMs;
    this.#monotonicMs = monotonicMs;
  }

  /** How many sleeps are under way. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  override now(): number {
    return this.#wallMs;
  }

  override monotonic(): number {
    return this.#monotonicMs;
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper = {
        due: this.#monotonicMs + ms,
        wake: (): void => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Sets the wall clock, as an operator or NTP would; sleepers do not notice. */
  setNow(nowMs: number): void {
    this.#wallMs = nowMs;
  }

  /** Sets the monotonic clock; wakes nobody. */
  setMonotonic(monotonicMs: number): void {
    this.#monotonicMs = monotonicMs;
  }

  /**
   * Lets `ms` milliseconds pass. Sleeps that are due resolve one after the other, and what they start before the next turn of the
   * event loop may sleep again within the same advance.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonicMs + ms;
    for (let next = await this.#nextDue(end); next !== undefined; next = await this.#nextDue(end)) {
      this.#sleepers.delete(next);
      this.#moveTo(Math.max(next.due, this.#monotonicMs));
      next.wake();
    }
    this.#moveTo(end);
    await settled();
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  async #nextDue(end: number): Promise<Sleeper | undefined> {
    await settled();
    const due = [...this.#sleepers].filter((sleeper) => sleeper.due <= end);
    return due.toSorted((a, b) => a.due - b.due)[0];
  }
}

/** Lets promises that are already resolved run their reactions. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
