import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error.ts';
import { decodeStream } from '../decoding/decode.ts';
import { encodingOf } from '../decoding/encoding.ts';
import { MAX_BLOCK_UNITS, type TextSample } from '../document-parser.port.ts';
import type { Source } from '../ingestion.types.ts';
import { IngestionError } from '../ingestion.errors.ts';
import { isRecordList, sampleOf } from '../parsers/choose-parser.ts';
import { measureFile, readFileBytes } from '../sources/read-file.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { SourceReport } from './ingest-reporter.ts';
import type { IngestRun } from './ingest-run.ts';
import type { PreparedDocument } from './prepared-document.types.ts';
import { RecordListReader } from './record-list-reader.ts';
import { emptySource, factsOf, headOf, PassingDigest, type SourceFacts } from './source-bytes.ts';
import { type OpenSource, TextReader } from './text-reader.ts';

const HEAD_BYTES = MAX_BLOCK_UNITS * 4;

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const part of text) yield Buffer.from(part);
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Whether a fault is the source's own and costs no other. */
export function isOwnFault(error: unknown): boolean {
  return error instanceof IngestionError;
}

/** Turns sources into documents that are ready to be cut; what is unchanged and what cannot be read goes to the report. */
@Injectable()
export class SourceReader {
  constructor(
    private readonly blobs: DocumentBlobs,
    private readonly records: RecordListReader,
    private readonly texts: TextReader,
  ) {}

  /** The documents of a source that are new or changed. */
  async *read(run: IngestRun, source: Source): AsyncGenerator<PreparedDocument> {
    const facts = factsOf(source);
    const report = run.reporter.source(nameOf(source, facts));
    run.progress.enter(report.source);
    try {
      const open = await this.#open(run, source, facts);
      const sample = await sampleBytes(open, facts);
      if (source.kind !== 'text' && isRecordList(sample)) yield* this.records.read(run, recordBytes(open, facts), report);
      else yield* this.#document(run, open, { facts, sample, report });
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      report.fail(error);
    }
  }

  async *#document(
    run: IngestRun,
    open: OpenSource,
    about: { readonly facts: SourceFacts; readonly sample: TextSample; readonly report: SourceReport },
  ): AsyncGenerator<PreparedDocument> {
    run.claim(about.facts.externalId);
    const document = await this.texts.prepare(run, open, about);
    if (document === undefined) run.progress.advance(open.size);
    else yield document;
  }

  /** Opens a source so that it can be read more than once: a stream is stored first. */
  async #open(run: IngestRun, source: Source, facts: SourceFacts): Promise<OpenSource> {
    if (source.kind === 'file') {
      const size = await measureFile(source);
      if (size === 0) throw emptySource();
      return { size, bytes: () => readFileBytes(source.path) };
    }
    if (source.kind === 'text') {
      if (source.text.trim() === '') throw emptySource();
      const bytes = Buffer.from(source.text.toWellFormed());
      run.progress.expect(bytes.length);
      return { size: bytes.length, bytes: () => single(bytes) };
    }
    return await this.#store(run, source, facts);
  }

  async #store(run: IngestRun, source: Extract<Source, { kind: 'stream' }>, facts: SourceFacts): Promise<OpenSource> {
    const passing = new PassingDigest();
    const { key, size } = await this.blobs.put(run, 'original', passing.through(reading(source, facts)));
    if (size === 0) throw emptySource();
    run.progress.expect(size);
    return { size, bytes: () => this.blobs.get(run.workspace, key), stored: { key, digest: passing.digest() } };
  }
}

/** A stream breaks off for its own reasons; only the service's own errors and aborts are more than that. */
async function* reading(source: Extract<Source, { kind: 'stream' }>, facts: SourceFacts): AsyncGenerator<Uint8Array> {
  try {
    yield* source.open();
  } catch (error) {
    if (error instanceof AppError || (error instanceof Error && error.name === 'AbortError')) throw error;
    throw new IngestionError('source-unreadable', `"${facts.name}" broke off while it was read.`, { remedy: 'Send it again.', cause: error });
  }
}

function nameOf(source: Source, facts: SourceFacts): string {
  if (source.kind === 'text') return source.externalId ?? source.title;
  return source.kind === 'stream' ? source.name : facts.externalId;
}

async function sampleBytes(open: OpenSource, facts: SourceFacts): Promise<TextSample> {
  const head = await headOf(open.bytes(), HEAD_BYTES);
  const encoding = encodingOf(head, facts.contentType);
  // Not fatal: a fault is told, with its place, when the whole text is read.
  return sampleOf(new TextDecoder(encoding.label).decode(head, { stream: true }), facts.name);
}

/** A list of records as UTF-8 without a byte order mark, whatever it was. */
async function* recordBytes(open: OpenSource, facts: SourceFacts): AsyncGenerator<Uint8Array> {
  const encoding = encodingOf(await headOf(open.bytes(), 8), facts.contentType);
  if (encoding.label !== 'utf-8') {
    yield* encoded((await decodeStream(open.bytes(), facts.contentType)).text);
    return;
  }
  let skip = encoding.bomBytes;
  for await (const part of open.bytes()) {
    const cut = Math.min(skip, part.length);
    skip -= cut;
    yield cut === 0 ? part : part.subarray(cut);
  }
}
