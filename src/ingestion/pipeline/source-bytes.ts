import { createHash } from 'node:crypto';
import type { Metadata } from '../../graph/graph.types.ts';
import { IngestionError } from '../ingestion.errors.ts';
import type { Source } from '../ingestion.types.ts';
import { contentHash } from '../../common/hash/content-hash.ts';
import { basename } from 'node:path';
import { wellFormed } from '../decoding/decode.ts';
import { fileName } from '../sources/read-file.ts';

/** What a source says about itself, whatever its kind. */
export interface SourceFacts {
  readonly externalId: string;
  /** A file name, for titles and as a hint at the format. */
  readonly name: string;
  /** Set by the sender; else the document's own or its file's name is taken. */
  readonly title: string;
  readonly contentType: string;
  readonly metadata: Metadata;
}

/** The facts of a source. */
export function factsOf(source: Source): SourceFacts {
  switch (source.kind) {
    case 'file':
      return factsOfFile(source);
    case 'stream':
      return factsOfStream(source);
    case 'text': {
      const externalId = wellFormed(source.externalId ?? contentHash('text', source.text));
      return { externalId, name: '', title: wellFormed(source.title), contentType: '', metadata: source.metadata ?? {} };
    }
  }
}

function factsOfFile(source: Extract<Source, { kind: 'file' }>): SourceFacts {
  const externalId = wellFormed(source.externalId ?? fileName(source));
  return { externalId, name: wellFormed(basename(source.path)), title: '', contentType: source.contentType ?? '', metadata: {} };
}

function factsOfStream(source: Extract<Source, { kind: 'stream' }>): SourceFacts {
  const name = wellFormed(source.name);
  const { title = '', contentType = '', metadata = {} } = source;
  return { externalId: wellFormed(source.externalId ?? name), name: basename(name), title: wellFormed(title), contentType, metadata };
}

/** A document's title when nothing else gives one: its file's name without the last extension. */
export function titleFromName(name: string): string {
  const bare = name.replace(/(?<=.)\.[^.]{1,12}$/u, '');
  return bare === '' ? name : bare;
}

/** A digest of bytes that are passing, and how many there were. */
export class PassingDigest {
  readonly #hash = createHash('sha256');
  #size = 0;

  get size(): number {
    return this.#size;
  }

  async *through(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const part of bytes) {
      this.#hash.update(part);
      this.#size += part.length;
      yield part;
    }
  }

  /** To be called once, when all bytes have passed. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** The digest of bytes that are only read. */
export async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const passing = new PassingDigest();
  const parts = passing.through(bytes);
  while ((await parts.next()).done !== true);
  return passing.digest();
}

/** The first bytes of a source, at least `limit` if there are as many. */
export async function headOf(bytes: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    // The part may be reused by who gave it.
    parts.push(part.slice());
    size += part.length;
    if (size >= limit) break;
  }
  return Buffer.concat(parts);
}

export function emptySource(): IngestionError {
  return new IngestionError('document-empty', 'There is no text in it.', { remedy: 'Give a file with text, or leave it out.' });
}
