import { IngestionError } from '../ingestion.errors.ts';
import { type Encoding, encodingOf } from './encoding.ts';

/** Bytes read before the encoding is decided. */
const HEAD_BYTES = 8;

/** Decoded text together with how it was decoded. */
export interface DecodedStream {
  readonly encoding: Encoding;
  /**
   * The text without its byte order mark, in parts that never end inside a surrogate pair.
   * Throws IngestionError `document-encoding`, `document-binary`.
   */
  readonly text: AsyncIterable<string>;
}

/**
 * Starts to decode bytes; memory does not grow with their number.
 * @param contentType what the sender declared, for its charset
 * @throws IngestionError `document-format-unknown`, `document-encoding`
 */
export async function decodeStream(bytes: AsyncIterable<Uint8Array>, contentType?: string): Promise<DecodedStream> {
  const iterator = bytes[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    head.push(next.value);
    size += next.value.length;
  }
  try {
    const encoding = encodingOf(Buffer.concat(head), contentType);
    return { encoding, text: decoded(encoding, resume(head, iterator)) };
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

async function* resume(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* decoded(encoding: Encoding, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding.label, { fatal: true });
  let offset = 0;
  for await (const part of bytes) {
    const text = step(() => decoder.decode(part, { stream: true }), encoding, offset);
    offset += part.length;
    if (text !== '') yield text;
  }
  const rest = step(() => decoder.decode(), encoding, offset);
  if (rest !== '') yield rest;
}

function step(decode: () => string, encoding: Encoding, offset: number): string {
  let text: string;
  try {
    text = decode();
  } catch (error) {
    throw undecodable(encoding, offset, error);
  }
  if (text.includes('\0')) throw binary();
  return text;
}

function binary(): IngestionError {
  return new IngestionError('document-binary', 'The file holds NUL characters, so it is no text.', {
    remedy: 'Give a text file. If it is UTF-16, save it with a byte order mark, or declare its charset.',
  });
}

function undecodable(encoding: Encoding, offset: number, cause: unknown): IngestionError {
  const where = `near byte ${String(offset)}`;
  const message = encoding.guessed
    ? `The file is not UTF-8 (${where}), and neither a byte order mark nor a declared charset says what it is.`
    : `The file is not valid ${encoding.label} (${where}).`;
  return new IngestionError('document-encoding', message, {
    remedy: 'Save it as UTF-8, or declare its charset when sending it, for example "text/plain; charset=iso-8859-1".',
    cause,
  });
}

/** Decodes one stretch of bytes that is known to be small. Throws as `decodeStream` does. */
export function decodeWhole(bytes: Uint8Array, encoding: Encoding): string {
  const decoder = new TextDecoder(encoding.label, { fatal: true });
  return step(() => decoder.decode(bytes), encoding, 0);
}

/** Replaces what no text may hold, unit by unit, so that offsets stay: lone surrogates and NULs become U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
