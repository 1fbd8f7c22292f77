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
  /** Keeps what was paid for, by index of the chunk; it is durable when the promise resolves. */
  readonly keep: (extractions: ReadonlyMap<number, Extraction>) => Promise<void>;
  /** To be called for a chunk that was extracted from in a lesser way, because the model is away. */
  readonly standIn: (index: number) => void;
}

/** How an extractor likes to be asked. */
export interface ExtractionPace {
  /** Chunks of one call. */
  readonly chunksPerCall: number;
  /** Calls at once, 1 to 50. */
  readonly callsAtOnce: number;
  /** Workers that ask and take in answers, 1 to 50. */
  readonly workers: number;
}

/**
 * Chunks that are looked up, embedded and written together: many where the extractor keeps this process busy, few where it waits for a
 * model, so that all of it is done while the model is at work.
 */
export function chunksTogether({ callsAtOnce }: ExtractionPace): number {
  return callsAtOnce > 1 ? 100 : 500;
}

/** Finds entities and relations in chunks. */
export abstract class Extractor {
  abstract readonly pace: ExtractionPace;

  /** Tokens of a call's prompt beside its chunks; 0 where no model is asked. Counting them takes a quarter of a second the first time. */
  abstract readonly promptTokens: number;

  /**
   * Names the way in which a document's chunks are extracted from, `rules` for the least; it is part of the document's content hash,
   * so that a document is read again when there is a better way.
   */
  abstract kindOf(documentExternalId: string): string;

  /**
   * What an extraction of the chunk is kept under until it is published: the same key means the same answer. Nothing where it costs
   * nothing to extract again.
   */
  abstract journalKeyOf(chunk: ExtractionChunk): string | undefined;

  /**
   * What each chunk says, in the order of the chunks; chunks may be of many documents. The ends of a relation are names of
   * entities of the same chunk. A chunk nothing can be found in has an empty extraction; a fault that concerns one chunk is told to
   * `warn` and costs only that chunk.
   * @throws ModelError when the model cannot be reached or refuses for good; an aborted signal rejects with its reason
   */
  abstract extract(chunks: readonly ExtractionChunk[], context: ExtractionContext): Promise<Extraction[]>;
}
