import { IdSource } from '../../src/common/clock/id-source.port.ts';

/**
 * Counts up instead of drawing: the nth uuid ends in n, the nth token is n's digits padded to the asked length, and `random()`
 * gives back what was set (0.5 unless told).
 */
export class FakeIdSource extends IdSource {
  /** What `random()` returns. */
  nextRandom = 0.5;
  #count = 0;

  override uuid(): string {
    return `00000000-0000-4000-8000-${this.#next().padStart(12, '0')}`;
  }

  override token(bytes: number): string {
    return this.#next().padStart(Math.ceil((bytes * 4) / 3), '0');
  }

  override random(): number {
    return this.nextRandom;
  }

  #next(): string {
    this.#count += 1;
    return String(this.#count);
  }
}
