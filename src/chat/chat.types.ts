import type { PassageFilter, Workspace } from '../graph/graph.types.ts';
import type { ModelUsage } from '../models/models.types.ts';
import type { RetrievedPassage, Timings } from '../retrieval/retrieval.types.ts';

/** Where a part of an answer comes from. `quote` is literally the document's text from `start` to `end`. */
export interface Citation {
  /** The number that stands in the answer as `[1]`. */
  readonly marker: number;
  readonly documentId: string;
  readonly externalId: string;
  readonly title: string;
  readonly chunkId: string;
  readonly quote: string;
  readonly start: number;
  readonly end: number;
  readonly page?: number;
  /** First and last row of a table. */
  readonly rows?: readonly [number, number];
  readonly lines?: readonly [number, number];
  readonly speaker?: string;
  /** Where in a recording it starts, in seconds. */
  readonly timeSeconds?: number;
}

/** How an answer was made: by a model, or from the documents' own sentences. */
export type AnswerMode = 'generated' | 'extractive';

/** A question of a conversation. */
export interface ChatRequest {
  readonly workspace: Workspace;
  /** Who asks; sessions belong to them. */
  readonly subject: string;
  readonly message: string;
  readonly sessionId?: string;
  readonly topK: number;
  readonly filter?: PassageFilter;
  readonly signal: AbortSignal;
}

/** A whole answer, in the shape of the wire. */
export interface ChatAnswer {
  readonly answer: string;
  readonly mode: AnswerMode;
  readonly citations: readonly Citation[];
  readonly sessionId: string;
  readonly usage: ModelUsage;
  readonly timings: Timings;
  /** What could not be used to find the passages, in a sentence each; left out when there is nothing to say. */
  readonly warnings?: readonly string[];
}

/** An answer as it comes. */
export type ChatEvent =
  | { readonly event: 'retrieval'; readonly data: { readonly passages: readonly RetrievedPassage[]; readonly warnings?: readonly string[] } }
  | { readonly event: 'token'; readonly data: { readonly text: string } }
  | { readonly event: 'citation'; readonly data: Citation }
  | { readonly event: 'done'; readonly data: ChatAnswer };
