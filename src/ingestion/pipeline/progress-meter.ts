import type { IngestProgress } from '../ingestion.types.ts';

/** Counts bytes and tells how far an ingestion is, at most once per part read. */
export class ProgressMeter {
  readonly #tell: ((progress: IngestProgress) => void) | undefined;
  #done = 0;
  #total = 0;
  #current = '';

  constructor(tell: ((progress: IngestProgress) => void) | undefined) {
    this.#tell = tell;
  }

  /** More bytes are known of. */
  expect(bytes: number): void {
    this.#total += bytes;
  }

  /** Another source is under work. */
  enter(source: string): void {
    this.#current = source;
    this.advance(0);
  }

  advance(bytes: number): void {
    this.#done += bytes;
    // A source may have grown since it was measured.
    this.#total = Math.max(this.#total, this.#done);
    this.#tell?.({ done: this.#done, total: this.#total, unit: 'bytes', current: this.#current });
  }

  /** Counts bytes as they pass. */
  async *count(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const part of bytes) {
      this.advance(part.length);
      yield part;
    }
  }
}
