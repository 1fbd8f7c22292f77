import { cutToTokens, evenShares } from '../../common/text/token-budget.ts';
import { countTokens } from '../../common/text/tokens.ts';
import type { RerankRequest } from '../reranker.port.ts';

/** Tokens of all texts together; with titles, numbers and rules a call stays under 9,000. */
const TEXT_TOKENS = 6000;
const TITLE_TOKENS = 40;
const QUESTION_TOKENS = 500;

/**
 * The question and the passages as one JSON object, numbered from 1: whatever a passage says, in JSON it stays a string within its
 * own entry. Long passages are cut to the same length, so that all together stay within their budget.
 */
export function rerankQuestion({ query, passages }: Pick<RerankRequest, 'passages' | 'query'>): string {
  // A text that is far too long is not worth counting to its end.
  const texts = passages.map(({ text }) => cutToTokens(text, TEXT_TOKENS));
  const shares = evenShares(texts.map(countTokens), TEXT_TOKENS);
  return JSON.stringify({
    question: cutToTokens(query, QUESTION_TOKENS),
    passages: passages.map(({ title }, i) => ({ number: i + 1, title: cutToTokens(title, TITLE_TOKENS), text: cutToTokens(texts[i] ?? '', shares[i] ?? 0) })),
  });
}
