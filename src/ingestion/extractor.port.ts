import type { Extraction } from '../graph/graph.types.ts';

/** A chunk as an extractor sees it. */
export interface ExtractionChunk {
  readonly documentExternalId: string;
  readonly documentTitle: string;
  /** Document title and heading path. */
  readonly title: string;
  readonly text: string;
  /** Offsets in `text` at which a paragraph, turn or line starts. */
  readonly blocks: readonly number[];
  /** Who speaks in it. */
  readonly speakers: readonly string[];
  /** Whether it is the only chunk of its document. */
  readonly alone: boolean;
}

/** What an extraction is made for. */
export interface ExtractionContext {
  readonly workspaceUid: string;
  readonly signal?: AbortSignal;
  /** Tells of a fault that costs less than a document. */
  readonly warn: (message: string) => void;
  /** To be called once for each call made to a model. */
  readonly countModelCall: () => void;
}

/** Finds entities and relations in chunks. */
export abstract class Extractor {
  /**
   * Names the way in which a document's chunks are extracted from, `rules` for the least; it is part of the document's content hash,
   * so that a document is read again when there is a better way.
   */
  abstract kindOf(documentExternalId: string): string;

  /**
   * What each chunk says, in the order of the chunks; chunks may be of many documents. The ends of a relation are names of
   * entities of the same chunk. A chunk nothing can be found in has an empty extraction; a fault that concerns one chunk is told to
   * `warn` and costs only that chunk.
   * @throws ModelError when the model cannot be reached or refuses for good; an aborted signal rejects with its reason
   */
  abstract extract(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<Extraction[]>;
}
