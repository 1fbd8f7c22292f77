import type { Workspace } from '../graph/graph.types.ts';
import type { ModelUsage } from '../models/models.types.ts';
import type { RetrievalResult } from '../retrieval/retrieval.types.ts';
import type { AnswerMode, Citation } from './chat.types.ts';
import type { SessionTurn } from './session.types.ts';

/** What an answer is made from. */
export interface AnswerTask {
  readonly workspace: Workspace;
  /** The question as it was asked. */
  readonly question: string;
  /** What was searched for: the question, with the one before it where it only makes sense after that. */
  readonly query: string;
  readonly found: RetrievalResult;
  /** The last turns of the session, oldest first. */
  readonly history: readonly SessionTurn[];
  readonly signal: AbortSignal;
}

/** A part of an answer. */
export type AnswerPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'citation'; readonly citation: Citation }
  | { readonly kind: 'end'; readonly mode: AnswerMode; readonly usage: ModelUsage };

/**
 * Answers a question from the passages found for it.
 *
 * Parts come in order: text, which joined is the answer; right behind the text in which a marker `[n]` first stands, its citation,
 * once per marker; last one `end`. Each marker in the text has a citation and each citation a marker. A citation's `quote` is
 * literally its passage's text from `start` to `end`, which are the document's offsets. When the passages hold nothing on the
 * question, the answer says so and cites nothing.
 *
 * Leaving the loop early stops the work; an aborted signal rejects with its reason. Errors of a model server are ModelError, of the
 * store GraphError and StorageError; what was said before stands, but there is no `end`.
 */
export abstract class Answerer {
  abstract answer(task: AnswerTask): AsyncIterable<AnswerPart>;
}
