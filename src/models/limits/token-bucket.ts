/**
 * A token bucket (J. Turner, "New directions in communications", 1986): it fills at a steady rate up to its size, and what is taken may
 * bring it below zero, so that something larger than the bucket gets its turn too.
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #size: number;
  #level: number;
  #filledMs: number;

  /**
   * @param perMinute what flows in a minute, above 0
   * @param size what may be taken at once after a rest
   * @param nowMs monotonic time
   */
  constructor(perMinute: number, size: number, nowMs: number) {
    this.#perMs = perMinute / 60_000;
    this.#size = size;
    this.#level = size;
    this.#filledMs = nowMs;
  }

  /** Milliseconds until so much can be taken; 0: now. */
  waitMs(amount: number, nowMs: number): number {
    this.#fill(nowMs);
    const missing = Math.min(amount, this.#size) - this.#level;
    // Less than a thousandth is what adding fractions up loses.
    return missing <= 0.001 ? 0 : missing / this.#perMs;
  }

  take(amount: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#level -= amount;
  }

  /** Gives back what was not used. */
  give(amount: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#level = Math.min(this.#size, this.#level + amount);
  }

  /** Share of the bucket that is gone, 0 to 1. */
  used(nowMs: number): number {
    this.#fill(nowMs);
    return Math.min(1, Math.max(0, 1 - this.#level / this.#size));
  }

  #fill(nowMs: number): void {
    this.#level = Math.min(this.#size, this.#level + Math.max(0, nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
  }
}
