import type { ChunkContent, Generation, StagedChunk } from '../../graph/graph.types.ts';
import { contentHash } from '../../common/hash/content-hash.ts';
import { chunkIdOf, documentIdOf } from '../../graph/ids.types.ts';
import type { Chunk } from '../chunking/chunk.types.ts';
import type { ExtractionChunk } from '../extractor.port.ts';
import type { PreparedDocument } from './prepared-document.types.ts';

/** A chunk with its id and place, on its way to the store. */
export interface NumberedChunk {
  readonly document: OpenDocument;
  readonly id: string;
  readonly ordinal: number;
  readonly chunk: Chunk;
}

/** A document of which chunks are being staged. */
export class OpenDocument {
  readonly prepared: PreparedDocument;
  readonly id: string;
  generation: Generation | undefined;
  /** Whether all its chunks are there. */
  complete = false;
  /** What is wrong with the document itself; then none of it is published. */
  fault: unknown;
  /** Whether there was more of it than the run was to take. */
  cutOff = false;
  /** Chunks that were extracted from in a lesser way, because the model was away. */
  standIns = 0;
  /** Entries of the journal that are needed until it is published. */
  readonly journalKeys: string[] = [];
  #count = 0;
  readonly #alike = new Map<string, number>();

  constructor(prepared: PreparedDocument, workspaceUid: string) {
    this.prepared = prepared;
    this.id = documentIdOf(workspaceUid, prepared.input.externalId);
  }

  /** Chunks so far. */
  get count(): number {
    return this.#count;
  }

  /** Gives a chunk its id and place. */
  number(chunk: Chunk): NumberedChunk {
    const like = contentHash(chunk.title, chunk.text);
    const nth = this.#alike.get(like) ?? 0;
    this.#alike.set(like, nth + 1);
    const ordinal = this.#count;
    this.#count += 1;
    return { document: this, id: chunkIdOf(this.id, chunk.title, chunk.text, nth), ordinal, chunk };
  }
}

/** A chunk as the extractor sees it. */
export function toExtract({ document, chunk }: NumberedChunk): ExtractionChunk {
  return {
    documentExternalId: document.prepared.input.externalId,
    documentTitle: document.prepared.input.title,
    title: chunk.title,
    text: chunk.text,
    blocks: chunk.blocks,
    speakers: chunk.speakers,
    alone: document.complete && document.count === 1,
  };
}

/** A chunk that the store knows: only its place is told. */
export function staysAs({ id, ordinal, chunk }: NumberedChunk): StagedChunk {
  return { id, ordinal, position: chunk.position };
}

/** A chunk's content. */
export function contentOf({ id, chunk }: NumberedChunk): ChunkContent {
  return { id, title: chunk.title, text: chunk.text, blocks: chunk.blocks };
}
