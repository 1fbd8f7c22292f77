import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** Documents may hold what a tokenizer takes for a control token; here it is text like any other. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/** Tokens of a text as OpenAI's current models count them; other models' counts are near. */
export function tokensOf(text: string): number {
  return countTokens(text, PLAIN);
}

/** The first of `texts` that together stay within `tokens`, never fewer than `least`. */
export function withinBudget(texts: readonly string[], tokens: number, least = 0): string[] {
  let used = 0;
  const end = texts.findIndex((text, i) => {
    used += tokensOf(text);
    return used > tokens && i >= least;
  });
  return end === -1 ? [...texts] : texts.slice(0, end);
}
