import type { AnswerPart } from '../answerer.port.ts';

/** What is said when the passages hold nothing on a question. */
export const NOTHING_FOUND = 'The documents of this workspace hold nothing on this question.';

/** An answer that says so, made without a model. */
export function* nothingFound(): Generator<AnswerPart, void> {
  yield { kind: 'text', text: NOTHING_FOUND };
  yield { kind: 'end', mode: 'extractive', usage: { promptTokens: 0, completionTokens: 0, costUsd: 0 } };
}
