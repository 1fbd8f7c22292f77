import { IngestionError } from '../ingestion.errors.ts';

/** No line of a list of records may be longer, in bytes. */
export const MAX_RECORD_BYTES = 16_000_000;

/** A line of a list of records. */
export interface RecordLine {
  /** From 1. */
  readonly number: number;
  /** Without its line break; nothing for a line that is too long. */
  readonly bytes: Uint8Array | undefined;
}

/** Collects the bytes of one line and gives up on it when it grows too long. */
class LineBuffer {
  #parts: Uint8Array[] = [];
  #size = 0;

  get empty(): boolean {
    return this.#size === 0;
  }

  add(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > MAX_RECORD_BYTES) this.#parts = [];
    else this.#parts.push(part);
  }

  take(): Uint8Array | undefined {
    const bytes = this.#size > MAX_RECORD_BYTES ? undefined : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    return bytes;
  }
}

/** Cuts bytes into lines, for encodings in which a line feed is the byte 10 and nothing else has it. Memory is bounded. */
export async function* recordLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RecordLine> {
  const buffer = new LineBuffer();
  let number = 1;
  for await (const part of bytes) {
    let from = 0;
    for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, from)) {
      buffer.add(part.subarray(from, at));
      yield { number, bytes: buffer.take() };
      number += 1;
      from = at + 1;
    }
    // The part may be reused by who gave it: what is kept across parts is copied.
    if (from < part.length) buffer.add(part.slice(from));
  }
  if (!buffer.empty) yield { number, bytes: buffer.take() };
}

/** What is reported of a line that is too long. */
export function recordTooLong(): IngestionError {
  return new IngestionError('document-malformed', `The line is longer than ${String(MAX_RECORD_BYTES / 1_000_000)} MB.`, {
    remedy: 'Give such a text as a file of its own.',
  });
}
