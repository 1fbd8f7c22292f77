import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../common/clock/clock.port.ts';

/** No stretch of work keeps the event loop longer than this, in milliseconds, before it lets others in. */
const STRETCH_MS = 4;

/** Lets the event loop turn between small pieces of work. */
export class Pacer {
  readonly #clock: Clock;
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.monotonic();
  }

  /** True when it is time to call `rest`. Asking is cheap. */
  get due(): boolean {
    return this.#clock.monotonic() - this.#since >= STRETCH_MS;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#since = this.#clock.monotonic();
  }
}
