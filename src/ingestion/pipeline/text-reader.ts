import { Inject, Injectable } from '@nestjs/common';
import { INGESTION_CONFIG, type IngestionConfig } from '../../config/ingestion.config.ts';
import type { BlobRange, DocumentInput } from '../../graph/graph.types.ts';
import { documentIdOf } from '../../graph/ids.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { chunkBlocks } from '../chunking/chunker.ts';
import type { Chunk } from '../chunking/chunk.types.ts';
import { decodeStream } from '../decoding/decode.ts';
import { encodingOf } from '../decoding/encoding.ts';
import type { DocumentParser, TextSample } from '../document-parser.port.ts';
import { chooseParser } from '../parsers/choose-parser.ts';
import { compareContent, type Comparison, contentIdentity } from './content-identity.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { SourceReport } from './ingest-reporter.ts';
import type { IngestRun } from './ingest-run.ts';
import type { PreparedDocument } from './prepared-document.types.ts';
import { digestOf, headOf, PassingDigest, type SourceFacts, titleFromName } from './source-bytes.ts';

/** A source that can be read more than once. */
export interface OpenSource {
  /** Bytes. */
  readonly size: number;
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** Where its bytes lie already, and their digest. */
  readonly stored?: { readonly key: string; readonly digest: string };
}

/** What is known of a text before it is read whole. */
export interface TextAbout {
  readonly facts: SourceFacts;
  readonly sample: TextSample;
  readonly report: SourceReport;
}

const MAX_TITLE = 300;

async function* encoded(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const part of text) yield Buffer.from(part);
}

/** Prepares sources that are one document each. */
@Injectable()
export class TextReader {
  constructor(
    private readonly blobs: DocumentBlobs,
    private readonly index: PassageIndex,
    @Inject(INGESTION_CONFIG) private readonly config: IngestionConfig,
  ) {}

  /**
   * Stores a source's bytes and its text, unless the workspace has the same already: then nothing is written, and nothing returned.
   * @throws IngestionError `document-encoding`, `document-binary`
   */
  async prepare(run: IngestRun, open: OpenSource, about: TextAbout): Promise<PreparedDocument | undefined> {
    const { externalId } = about.facts;
    const known = (await this.index.contentHashes(run.workspace, [externalId])).get(externalId);
    const digest = open.stored?.digest ?? (await digestOf(open.bytes()));
    if (compareContent(known, this.#identity(run, about.facts, digest)) === 'same') {
      about.report.settle(documentIdOf(run.workspace.uid, externalId), 'unchanged', 0);
      return undefined;
    }
    // A file may have changed since; what was stored counts.
    const original = open.stored === undefined ? await this.#store(run, open) : { ...open.stored, size: open.size };
    const identity = this.#identity(run, about.facts, original.digest);
    const text = await this.#text(run, original, about.facts.contentType);
    const parser = chooseParser(about.sample);
    const input = {
      externalId,
      title: titleOf(about, parser),
      mediaType: parser.mediaType,
      contentHash: identity,
      metadata: about.facts.metadata,
      original: { key: original.key, start: 0, end: original.size },
      text,
    };
    return this.#document(run, input, { about, parser, comparison: compareContent(known, identity) });
  }

  #document(
    run: IngestRun,
    input: DocumentInput,
    { about, parser, comparison }: { readonly about: TextAbout; readonly parser: DocumentParser; readonly comparison: Comparison },
  ): PreparedDocument {
    const chunks = (): AsyncIterable<Chunk> => this.#chunks(run, input, parser);
    return { input, report: about.report, trustKnown: comparison === 'same-extraction', chunks };
  }

  async *#chunks(run: IngestRun, input: DocumentInput, parser: DocumentParser): AsyncGenerator<Chunk> {
    const { key, start, end } = input.text;
    const bytes = run.progress.count(this.blobs.get(run.workspace, key, { start, end }));
    const { text } = await decodeStream(bytes);
    yield* chunkBlocks(parser.parse(text, run.signal), { documentTitle: input.title, maxTokens: this.config.chunkMaxTokens });
  }

  #identity(run: IngestRun, facts: SourceFacts, digest: string): string {
    const { name, title, contentType, metadata, externalId } = facts;
    const { chunkMaxTokens: maxTokens } = this.config;
    return contentIdentity({ digest, name, title, contentType, metadata, maxTokens }, run.extractor.kindOf(externalId));
  }

  async #store(run: IngestRun, open: OpenSource): Promise<{ key: string; size: number; digest: string }> {
    const passing = new PassingDigest();
    const { key, size } = await this.blobs.put(run, 'original', passing.through(open.bytes()));
    return { key, size, digest: passing.digest() };
  }

  /** Where the text lies as UTF-8: in the original if it is that already, else in a blob of its own. */
  async #text(run: IngestRun, original: { key: string; size: number }, contentType: string): Promise<BlobRange> {
    const encoding = encodingOf(await headOf(this.blobs.get(run.workspace, original.key, { start: 0, end: 8 }), 8), contentType);
    if (encoding.label === 'utf-8') return { key: original.key, start: encoding.bomBytes, end: original.size };
    const { text } = await decodeStream(this.blobs.get(run.workspace, original.key), contentType);
    const { key, size } = await this.blobs.put(run, 'text', encoded(text));
    return { key, start: 0, end: size };
  }
}

function titleOf({ facts, sample }: TextAbout, parser: DocumentParser): string {
  const given = facts.title.trim();
  const title = given === '' ? (parser.titleOf(sample) ?? titleFromName(facts.name)) : given;
  return title.slice(0, MAX_TITLE).toWellFormed();
}
