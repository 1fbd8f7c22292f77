import { Injectable } from '@nestjs/common';
import type { BlobRange } from '../../graph/graph.types.ts';
import type { ReadBlock, ReadFacts } from '../conversion/conversion.types.ts';
import { ConvertedText, type PlacedBlock } from '../conversion/converted-text.ts';
import { readCues } from '../conversion/cues.ts';
import { readDelimited } from '../conversion/delimited.ts';
import { DocumentConverter } from '../conversion/document-converter.service.ts';
import type { Conversion } from '../conversion/formats.ts';
import { decodeStream } from '../decoding/decode.ts';
import type { Block } from '../document-parser.port.ts';
import { recordLines } from '../parsers/record-lines.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { IngestRun } from './ingest-run.ts';
import type { ReadDocument, StoredOriginal, TextAbout } from './read-document.types.ts';

type About = TextAbout & { readonly conversion: Conversion };

/**
 * Reads documents that are not taken as the text they are: their blocks are found once and kept for the run, and the text is put together
 * from them. Memory does not grow with the number of blocks.
 */
@Injectable()
export class ConvertedReader {
  constructor(
    private readonly blobs: DocumentBlobs,
    private readonly converter: DocumentConverter,
  ) {}

  /** @throws IngestionError `document-encrypted`, `document-malformed`, `document-limit`, `document-no-text`, `document-encoding`, `document-binary` */
  async read(run: IngestRun, original: StoredOriginal, about: About): Promise<ReadDocument> {
    const facts: { title?: string | undefined } = {};
    const layout = await this.blobs.put(run, 'layout', this.#layout(run, original, about, facts));
    const blocks = (): AsyncGenerator<PlacedBlock> => this.#stored(run, layout.key);
    const text = await this.#text(run, blocks());
    return { text, mediaType: about.conversion.mediaType, title: facts.title, blocks: () => onlyBlocks(blocks()) };
  }

  /** The blocks as lines of JSON. */
  async *#layout(run: IngestRun, original: StoredOriginal, about: About, facts: { title?: string | undefined }): AsyncGenerator<Uint8Array> {
    const text = new ConvertedText();
    const blocks = await this.#blocks(run, original, about);
    try {
      let step = await blocks.next();
      for (; step.done !== true; step = await blocks.next()) {
        for (const placed of text.place(step.value)) yield Buffer.from(`${JSON.stringify(placed)}\n`);
        await run.breathe();
      }
      facts.title = step.value?.title;
    } finally {
      // Whatever ends it early (an abort, a full disk) frees the thread.
      await blocks.return(undefined);
    }
  }

  async #blocks(run: IngestRun, original: StoredOriginal, { conversion, facts }: About): Promise<AsyncGenerator<ReadBlock, ReadFacts | undefined>> {
    const bytes = run.progress.count(this.blobs.get(run.workspace, original.key));
    if (conversion.way === 'thread') return this.converter.convert(conversion.format, bytes, run.signal);
    const { text } = await decodeStream(bytes, facts.contentType);
    return withoutFacts(conversion.way === 'cues' ? readCues(text) : readDelimited(text, conversion.delimiter));
  }

  async #text(run: IngestRun, blocks: AsyncIterable<PlacedBlock>): Promise<BlobRange> {
    const { key, size } = await this.blobs.put(run, 'text', encoded(blocks));
    return { key, start: 0, end: size };
  }

  async *#stored(run: IngestRun, key: string): AsyncGenerator<PlacedBlock> {
    for await (const { bytes } of recordLines(this.blobs.get(run.workspace, key))) {
      if (bytes !== undefined) yield JSON.parse(Buffer.from(bytes).toString()) as PlacedBlock;
    }
  }
}

async function* withoutFacts(blocks: AsyncGenerator<ReadBlock>): AsyncGenerator<ReadBlock, undefined> {
  yield* blocks;
  return undefined;
}

async function* encoded(blocks: AsyncIterable<PlacedBlock>): AsyncGenerator<Uint8Array> {
  for await (const { before, block } of blocks) yield Buffer.from(before + block.text);
}

async function* onlyBlocks(blocks: AsyncIterable<PlacedBlock>): AsyncGenerator<Block> {
  for await (const { block } of blocks) yield block;
}
