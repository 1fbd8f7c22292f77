/** Outcomes that are looked at, and how many of them it takes to judge. */
const WINDOW = 40;
const ENOUGH = 20;
/** A server that refuses so large a share for having too many has too many; a single refusal says nothing. */
const SUSTAINED = 0.4;
const DECREASE = 0.5;
const SLOWEST_PER_SECOND = 0.2;
/** It grows by so much of itself each second without a new decrease, and is lifted at so many times what was started when it was set. */
const GROWTH_PER_SECOND = 0.05;
const LIFTED_AT = 1.5;
/** Starts of so many milliseconds tell the rate. */
const RATE_MS = 5000;

/**
 * How many bulk calls are started a second, where a server's sustained refusals say that it is too many. Additive increase is too slow
 * between 1 and 400 calls a second, so it grows by a share of itself (the decrease is that of D. Chiu and R. Jain, 1989).
 */
export class AdaptiveRate {
  #perSecond: number | undefined;
  #peakPerSecond = 0;
  #grownMs = 0;
  #nextMs = 0;
  #outcomes: boolean[] = [];
  #starts: number[] = [];

  /** Calls a second at most; nothing while the server takes all there are. */
  get perSecond(): number | undefined {
    return this.#perSecond;
  }

  /** Milliseconds until the next call may start. */
  waitMs(nowMs: number): number {
    this.#grow(nowMs);
    return this.#perSecond === undefined ? 0 : Math.max(0, this.#nextMs - nowMs);
  }

  started(nowMs: number): void {
    this.#starts.push(nowMs);
    while ((this.#starts[0] ?? nowMs) < nowMs - RATE_MS) this.#starts.shift();
    if (this.#perSecond !== undefined) this.#nextMs = Math.max(nowMs, this.#nextMs) + 1000 / this.#perSecond;
  }

  /** @returns true when the rate was lowered by this */
  ended(refused: boolean, nowMs: number): boolean {
    this.#outcomes.push(refused);
    if (this.#outcomes.length > WINDOW) this.#outcomes.shift();
    const share = this.#outcomes.filter(Boolean).length / this.#outcomes.length;
    if (!refused || this.#outcomes.length < ENOUGH || share < SUSTAINED) return false;
    const current = this.#perSecond ?? this.#startsPerSecond(nowMs);
    this.#peakPerSecond = Math.max(current, SLOWEST_PER_SECOND);
    this.#perSecond = Math.max(SLOWEST_PER_SECOND, current * DECREASE);
    this.#grownMs = nowMs;
    this.#nextMs = nowMs + 1000 / this.#perSecond;
    // What was started before the decrease says nothing about it.
    this.#outcomes = [];
    return true;
  }

  #startsPerSecond(nowMs: number): number {
    const span = nowMs - (this.#starts[0] ?? nowMs);
    return (this.#starts.length * 1000) / Math.max(1000, span);
  }

  #grow(nowMs: number): void {
    if (this.#perSecond === undefined) return;
    const seconds = (nowMs - this.#grownMs) / 1000;
    if (seconds < 1) return;
    this.#grownMs = nowMs;
    this.#perSecond *= (1 + GROWTH_PER_SECOND) ** seconds;
    if (this.#perSecond > this.#peakPerSecond * LIFTED_AT) this.#perSecond = undefined;
  }
}
