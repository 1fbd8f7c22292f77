import type { Clock } from '../clock/clock.port.ts';

/** How full a pool is. */
export type PoolLoad = Readonly<Record<'active' | 'size' | 'waiting', number>>;

const FULL = 0.8;
const STAYS_MS = 10_000;
const QUIET_MS = 60_000;

/**
 * Warns when more than 80 % of a pool are in use for ten seconds on end, and then at most once a minute. It has no timer: whoever uses
 * the pool shows how full it is, each time that changes.
 */
export class PoolWatch {
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;
  #fullSince: number | undefined;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, warn: (message: string) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  observe({ active, size, waiting }: PoolLoad): void {
    if (active <= FULL * size) {
      this.#fullSince = undefined;
      return;
    }
    const now = this.#clock.monotonic();
    this.#fullSince ??= now;
    if (now - this.#fullSince < STAYS_MS || now - this.#warnedAt < QUIET_MS) return;
    this.#warnedAt = now;
    const seconds = Math.round((now - this.#fullSince) / 1000);
    this.#warn(`${String(active)} of ${String(size)} connections have been in use for ${String(seconds)} s, ${String(waiting)} calls wait`);
  }
}
