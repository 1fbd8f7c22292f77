import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** Documents may hold what a tokenizer takes for a control token; here it is text like any other. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/** More characters than this a token of running text hardly has; what is longer is cut before it is counted. */
const MAX_UNITS_PER_TOKEN = 8;

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

/** The beginning of a text that stays within `limit` tokens, with an ellipsis if anything was cut; never half a character. */
export function cutToTokens(text: string, limit: number): string {
  let part = text.slice(0, limit * MAX_UNITS_PER_TOKEN);
  for (let tokens = tokensOf(part); tokens > limit; tokens = tokensOf(part)) part = part.slice(0, Math.floor((part.length * limit) / tokens));
  return part === text ? text : `${part.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}

/**
 * How many tokens each of several texts may have so that together they stay within `tokens`: what short ones leave over goes to the
 * long ones, so no text is cut while another one has more.
 */
export function evenShares(lengths: readonly number[], tokens: number): number[] {
  let left = tokens;
  let level = 0;
  const rising = lengths.toSorted((a, b) => a - b);
  for (const [i, length] of rising.entries()) {
    level = Math.floor(left / (rising.length - i));
    if (length > level) break;
    left -= length;
    level = length;
  }
  return lengths.map((length) => Math.min(length, level));
}
