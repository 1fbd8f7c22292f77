import { Inject, Injectable } from '@nestjs/common';
import { contentHash } from '../../common/hash/content-hash.ts';
import { INGESTION_CONFIG, type IngestionConfig } from '../../config/ingestion.config.ts';
import { documentIdOf } from '../../graph/ids.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { chunkBlocks, wholeChunk } from '../chunking/chunker.ts';
import { type Chunk, MAX_RECORD_TOKENS } from '../chunking/chunk.types.ts';
import { fitsTokens } from '../../common/text/tokens.ts';
import { decodeWhole } from '../decoding/decode.ts';
import type { Encoding } from '../decoding/encoding.ts';
import { IngestionError } from '../ingestion.errors.ts';
import type { MappedRow } from '../mapping/map-row.ts';
import { type JsonRecord, parseRecord } from '../parsers/json-record.ts';
import { PlainTextParser } from '../parsers/plain-text.parser.ts';
import { recordLines, recordTooLong } from '../parsers/record-lines.ts';
import { compareContent, type Comparison, contentIdentity } from './content-identity.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { SourceReport } from './ingest-reporter.ts';
import type { IngestRun } from './ingest-run.ts';
import type { PreparedDocument } from './prepared-document.types.ts';

const UTF8: Encoding = { label: 'utf-8', bomBytes: 0, guessed: true };
const PARSER = new PlainTextParser();

/** Records are looked up and stored in groups of so many, or of so many bytes. */
const GROUP_RECORDS = 500;
const GROUP_BYTES = 8_000_000;

interface NumberedRecord {
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly record: JsonRecord;
  readonly identity: string;
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

/** Reads lists of records, each record a document of its own; a bad one costs only itself. */
@Injectable()
export class RecordListReader {
  constructor(
    private readonly blobs: DocumentBlobs,
    private readonly index: PassageIndex,
    @Inject(INGESTION_CONFIG) private readonly config: IngestionConfig,
  ) {}

  /** The records of UTF-8 bytes that are new or changed. */
  async *read(run: IngestRun, bytes: AsyncIterable<Uint8Array>, report: SourceReport): AsyncGenerator<PreparedDocument> {
    yield* this.#grouped(run, this.#lines(run, bytes, report), report);
  }

  /** The rows of a table that are new or changed, as the mapping takes them. */
  async *readMapped(run: IngestRun, rows: AsyncIterable<MappedRow>, report: SourceReport): AsyncGenerator<PreparedDocument> {
    yield* this.#grouped(run, this.#mapped(run, rows, report), report);
  }

  async *#lines(run: IngestRun, bytes: AsyncIterable<Uint8Array>, report: SourceReport): AsyncGenerator<NumberedRecord> {
    for await (const line of recordLines(run.progress.count(bytes))) {
      const record = this.#take(run, line, report);
      await run.breathe();
      if (record !== undefined) yield record;
    }
  }

  async *#mapped(run: IngestRun, rows: AsyncIterable<MappedRow>, report: SourceReport): AsyncGenerator<NumberedRecord> {
    for await (const row of rows) {
      await run.breathe();
      try {
        run.claim(row.id);
        yield this.#mappedRecord(run, row);
      } catch (error) {
        run.reporter.failRecord(report, row.rows[0], error);
      }
    }
  }

  #mappedRecord(run: IngestRun, { entities, relations, loose: _, ...row }: MappedRow): NumberedRecord {
    if (row.text === '') throw new IngestionError('document-empty', 'The row has no text.', { remedy: 'Leave it out, or map a column with text.' });
    const record = { ...row, extraction: { givesNames: true, entities, relations } };
    return { line: row.rows[0], bytes: Buffer.from(`${JSON.stringify({ ...row, entities, relations })}\n`), record, identity: this.#identity(record, run) };
  }

  async *#grouped(run: IngestRun, records: AsyncIterable<NumberedRecord>, report: SourceReport): AsyncGenerator<PreparedDocument> {
    let group: NumberedRecord[] = [];
    let size = 0;
    for await (const record of records) {
      group.push(record);
      size += record.bytes.length;
      if (group.length < GROUP_RECORDS && size < GROUP_BYTES) continue;
      yield* this.#prepare(run, group, report);
      group = [];
      size = 0;
    }
    yield* this.#prepare(run, group, report);
  }

  #take(run: IngestRun, line: { number: number; bytes: Uint8Array | undefined }, report: SourceReport): NumberedRecord | undefined {
    try {
      if (line.bytes === undefined) throw recordTooLong();
      const text = decodeWhole(line.bytes, UTF8);
      if (text.trim() === '') return undefined;
      const record = parseRecord(text);
      run.claim(record.id);
      return { line: line.number, bytes: line.bytes, record, identity: this.#identity(record, run) };
    } catch (error) {
      run.reporter.failRecord(report, line.number, error);
      return undefined;
    }
  }

  #identity(record: JsonRecord, run: IngestRun): string {
    const { id, title, text, metadata } = record;
    const facts = { digest: text, name: id, title, contentType: 'record', metadata, maxTokens: this.config.chunkMaxTokens };
    const kind = record.extraction === undefined ? run.extractor.kindOf(id) : `given.${contentHash(JSON.stringify(record.extraction)).slice(0, 12)}`;
    return contentIdentity(facts, kind);
  }

  /** Leaves out what the workspace has already and stores the rest: lines together, and texts together. */
  async *#prepare(run: IngestRun, group: readonly NumberedRecord[], report: SourceReport): AsyncGenerator<PreparedDocument> {
    if (group.length === 0) return;
    const known = await this.index.contentHashes(
      run.workspace,
      group.map(({ record }) => record.id),
    );
    const compared = group.map((each) => ({ ...each, comparison: compareContent(known.get(each.record.id), each.identity) }));
    for (const { record } of compared.filter(({ comparison }) => comparison === 'same')) {
      report.settle(documentIdOf(run.workspace.uid, record.id), 'unchanged', 0);
    }
    yield* this.#store(run, compared.filter(({ comparison }) => comparison !== 'same'), report);
  }

  async *#store(run: IngestRun, news: readonly (NumberedRecord & { comparison: Comparison })[], report: SourceReport): AsyncGenerator<PreparedDocument> {
    if (news.length === 0) return;
    const texts = news.map(({ record }) => Buffer.from(record.text));
    const original = await this.blobs.put(run, 'original', Buffer.concat(news.map(({ bytes }) => bytes)));
    const text = await this.blobs.put(run, 'text', Buffer.concat(texts));
    let lineStart = 0;
    let textStart = 0;
    for (const [i, { record, bytes, identity, line, comparison }] of news.entries()) {
      const lineEnd = lineStart + bytes.length;
      const textEnd = textStart + (texts[i]?.length ?? 0);
      const input = {
        externalId: record.id,
        title: record.title,
        mediaType: 'application/json',
        contentHash: identity,
        metadata: record.metadata,
        original: { key: original.key, start: lineStart, end: lineEnd },
        text: { key: text.key, start: textStart, end: textEnd },
      };
      yield { input, report, line, trustKnown: comparison === 'same-extraction', extraction: record.extraction, chunks: () => this.#chunks(record) };
      lineStart = lineEnd;
      textStart = textEnd;
    }
  }

  async *#chunks(record: JsonRecord): AsyncGenerator<Chunk> {
    const whole = fitsTokens(record.text, MAX_RECORD_TOKENS) ? wholeChunk(record.text, record.title) : undefined;
    if (whole !== undefined) yield record.rows === undefined ? whole : { ...whole, position: { ...whole.position, rows: record.rows } };
    else yield* chunkBlocks(PARSER.parse(once(record.text)), { documentTitle: record.title, maxTokens: this.config.chunkMaxTokens });
  }
}
