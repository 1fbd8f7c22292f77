import { Inject, Injectable } from '@nestjs/common';
import { INGESTION_CONFIG, type IngestionConfig } from '../../config/ingestion.config.ts';
import type { BlobRange } from '../../graph/graph.types.ts';
import { documentIdOf } from '../../graph/ids.types.ts';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { chunkBlocks } from '../chunking/chunker.ts';
import { CONVERSION_VERSION } from '../conversion/formats.ts';
import type { Chunk } from '../chunking/chunk.types.ts';
import { decodeStream } from '../decoding/decode.ts';
import { encodingOf } from '../decoding/encoding.ts';
import type { Block, DocumentParser } from '../document-parser.port.ts';
import { chooseParser } from '../parsers/choose-parser.ts';
import { compareContent, contentIdentity } from './content-identity.ts';
import { ConvertedReader } from './converted-reader.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { IngestRun } from './ingest-run.ts';
import type { PreparedDocument } from './prepared-document.types.ts';
import type { OpenSource, ReadDocument, StoredOriginal, TextAbout } from './read-document.types.ts';
import { digestOf, headOf, PassingDigest, titleFromName } from './source-bytes.ts';

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
    private readonly converted: ConvertedReader,
    @Inject(INGESTION_CONFIG) private readonly config: IngestionConfig,
  ) {}

  /**
   * Stores a source's bytes and its text, unless the workspace has the same already: then nothing is written, and nothing returned.
   * @throws IngestionError `document-encoding`, `document-binary`, and what ConvertedReader throws
   */
  async prepare(run: IngestRun, open: OpenSource, about: TextAbout): Promise<PreparedDocument | undefined> {
    const { externalId } = about.facts;
    const known = (await this.index.contentHashes(run.workspace, [externalId])).get(externalId);
    const digest = open.stored?.digest ?? (await digestOf(open.bytes()));
    if (compareContent(known, this.#identity(run, about, digest)) === 'same') {
      about.report.settle(documentIdOf(run.workspace.uid, externalId), 'unchanged', 0);
      return undefined;
    }
    // A file may have changed since; what was stored counts.
    const original = open.stored === undefined ? await this.#store(run, open) : { ...open.stored, size: open.size };
    const identity = this.#identity(run, about, original.digest);
    const read = about.conversion === undefined ? await this.#plain(run, original, about) : await this.converted.read(run, original, { ...about, conversion: about.conversion });
    const { title, mediaType, text } = read;
    const range = { key: original.key, start: 0, end: original.size };
    const input = { externalId, title: titleOf(about, title), mediaType, contentHash: identity, metadata: about.facts.metadata, original: range, text };
    const chunks = (): AsyncIterable<Chunk> => chunkBlocks(read.blocks(), { documentTitle: input.title, maxTokens: this.config.chunkMaxTokens });
    return { input, report: about.report, trustKnown: compareContent(known, identity) === 'same-extraction', chunks };
  }

  /** A text that is read as it is. */
  async #plain(run: IngestRun, original: StoredOriginal, { sample, facts }: TextAbout): Promise<ReadDocument> {
    const parser = chooseParser(sample);
    const text = await this.#text(run, original, facts.contentType);
    return { text, mediaType: parser.mediaType, title: parser.titleOf(sample), blocks: () => this.#blocks(run, text, parser) };
  }

  async *#blocks(run: IngestRun, { key, start, end }: BlobRange, parser: DocumentParser): AsyncGenerator<Block> {
    const bytes = run.progress.count(this.blobs.get(run.workspace, key, { start, end }));
    const { text } = await decodeStream(bytes);
    yield* parser.parse(text, run.signal);
  }

  #identity(run: IngestRun, { facts, conversion }: TextAbout, digest: string): string {
    const { name, title, metadata, externalId } = facts;
    const { chunkMaxTokens: maxTokens } = this.config;
    const contentType = conversion === undefined ? facts.contentType : `${facts.contentType}|${conversion.format}.${String(CONVERSION_VERSION)}`;
    return contentIdentity({ digest, name, title, contentType, metadata, maxTokens }, run.extractor.kindOf(externalId));
  }

  async #store(run: IngestRun, open: OpenSource): Promise<StoredOriginal> {
    const passing = new PassingDigest();
    const { key, size } = await this.blobs.put(run, 'original', passing.through(open.bytes()));
    return { key, size, digest: passing.digest() };
  }

  /** Where the text lies as UTF-8: in the original if it is that already, else in a blob of its own. */
  async #text(run: IngestRun, original: StoredOriginal, contentType: string): Promise<BlobRange> {
    const encoding = encodingOf(await headOf(this.blobs.get(run.workspace, original.key, { start: 0, end: 8 }), 8), contentType);
    if (encoding.label === 'utf-8') return { key: original.key, start: encoding.bomBytes, end: original.size };
    const { text } = await decodeStream(this.blobs.get(run.workspace, original.key), contentType);
    const { key, size } = await this.blobs.put(run, 'text', encoded(text));
    return { key, start: 0, end: size };
  }
}

/** What the sender says, else what the document says of itself, else the name of its file. */
function titleOf({ facts }: TextAbout, own: string | undefined): string {
  const given = facts.title.trim();
  const title = given === '' ? (own ?? titleFromName(facts.name)) : given;
  return title.slice(0, MAX_TITLE).toWellFormed();
}
