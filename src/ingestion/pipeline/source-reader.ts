import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error.ts';
import { binaryFormatOf, textFormatOf } from '../conversion/formats.ts';
import { decodeStream } from '../decoding/decode.ts';
import { encodingOf } from '../decoding/encoding.ts';
import { MAX_BLOCK_UNITS } from '../document-parser.port.ts';
import type { Source } from '../ingestion.types.ts';
import { IngestionError } from '../ingestion.errors.ts';
import { isRecordList, sampleOf } from '../parsers/choose-parser.ts';
import { measureFile, readFileBytes } from '../sources/read-file.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { IngestRun } from './ingest-run.ts';
import { mappedRows } from './mapped-rows.ts';
import type { PreparedDocument } from './prepared-document.types.ts';
import { RecordListReader } from './record-list-reader.ts';
import { emptySource, factsOf, headOf, PassingDigest, type SourceFacts } from './source-bytes.ts';
import type { OpenSource, TextAbout } from './read-document.types.ts';
import { TextReader } from './text-reader.ts';

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
      const look = await looksLike(open, facts, source.kind);
      yield* this.#documents(run, open, { facts, report, ...look }, source.kind);
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      report.fail(error);
    }
  }

  /** Removes what a run has stored and no document refers to. */
  async forget(run: IngestRun): Promise<void> {
    await this.blobs.deleteUnused(run.workspace, [...run.looseBlobs]);
  }

  async *#documents(run: IngestRun, open: OpenSource, about: TextAbout, kind: Source['kind']): AsyncGenerator<PreparedDocument> {
    const { facts, sample, report, conversion } = about;
    const rows = kind === 'text' ? undefined : mappedRows(run, open, about);
    if (rows !== undefined) yield* this.records.readMapped(run, rows, report);
    else if (kind !== 'text' && conversion?.way !== 'thread' && isRecordList(sample)) yield* this.records.read(run, recordBytes(open, facts), report);
    else yield* this.#document(run, open, about);
  }

  async *#document(
    run: IngestRun,
    open: OpenSource,
    about: TextAbout,
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

/** What a source is, by what it begins with. Bare text is what it says, whatever it looks like. */
async function looksLike(open: OpenSource, facts: SourceFacts, kind: Source['kind']): Promise<Pick<TextAbout, 'sample' | 'conversion'>> {
  const head = await headOf(open.bytes(), HEAD_BYTES);
  const binary = kind === 'text' ? undefined : binaryFormatOf(head, facts.name);
  if (binary !== undefined) return { sample: sampleOf('', facts.name), conversion: binary };
  const encoding = encodingOf(head, facts.contentType);
  // Not fatal: a fault is told, with its place, when the whole text is read.
  const sample = sampleOf(new TextDecoder(encoding.label).decode(head, { stream: true }), facts.name);
  return { sample, conversion: kind === 'text' ? undefined : textFormatOf(sample) };
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
