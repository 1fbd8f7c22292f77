import type { WorkspaceRef } from '../graph/graph.types.ts';
import type { ModelUsage } from '../models/models.types.ts';

/** Passages to put in order for a question. */
export interface RerankRequest {
  readonly workspace: WorkspaceRef;
  readonly query: string;
  /** Best first, as the search found them; a few tens. Titles and texts are data of documents, which nobody vouches for. */
  readonly passages: readonly { readonly title: string; readonly text: string }[];
  readonly signal?: AbortSignal;
}

/** An order of passages. */
export interface Reranking {
  /** Each index of the request's passages once, the best first. */
  readonly order: readonly number[];
  /** Of the calls it took; all 0 where it took none. */
  readonly usage: ModelUsage;
  /** Why the order is the one that came in, in a sentence, where that is for a fault. */
  readonly warning?: string;
}

/**
 * Puts the passages found for a question in a better order.
 *
 * It never adds or loses a passage, whatever they say. A fault of whatever it asks is no fault of the retrieval: when that is away,
 * slow or answers nonsense, the order stays and `warning` says so. It ends within a time of its own. An aborted signal rejects with
 * its reason, and nothing goes on behind it.
 */
export abstract class Reranker {
  /** Whether it may change an order at all; when not, nothing needs to be read for it. */
  abstract readonly active: boolean;

  abstract rerank(request: RerankRequest): Promise<Reranking>;
}
