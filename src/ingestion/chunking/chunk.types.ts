import type { ChunkPosition } from '../../graph/graph.types.ts';

/** A chunk of a document, before it has an id. */
export interface Chunk {
  /** Document title and heading path. */
  readonly title: string;
  /** Literally the document's text from `position.start` to `position.end`. */
  readonly text: string;
  readonly position: ChunkPosition;
  /** Offsets in `text` at which a paragraph, turn or line starts, rising, the first 0. */
  readonly blocks: readonly number[];
  /** Who speaks in it, in order of their first turn. */
  readonly speakers: readonly string[];
}

/** How a document is cut. */
export interface ChunkRules {
  readonly documentTitle: string;
  /** No chunk has more tokens. */
  readonly maxTokens: number;
}

/** Grows when chunks come out differently, so that documents are cut anew. */
export const CHUNKER_VERSION = 1;

/** A transcript's chunk has at most so many turns. */
export const MAX_TURNS = 10;

/** A record of up to so many tokens stays whole. */
export const MAX_RECORD_TOKENS = 2048;
