import type { Clock } from '../common/clock/clock.port.ts';
import type { Timings } from './retrieval.types.ts';

/** Measures the stages of one request, in milliseconds. */
export class Stopwatch {
  readonly #clock: Clock;
  readonly #stages: Record<string, number> = {};
  readonly #start: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#start = clock.monotonic();
  }

  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const start = this.#clock.monotonic();
    try {
      return await work();
    } finally {
      this.#stages[stage] = (this.#stages[stage] ?? 0) + this.#clock.monotonic() - start;
    }
  }

  timings(): Timings {
    const all = { ...this.#stages, total: this.#clock.monotonic() - this.#start };
    return Object.fromEntries(Object.entries(all).map(([stage, ms]) => [stage, Math.round(ms * 100) / 100]));
  }
}
