import { countTokens } from './tokens.ts';

/** More characters than this a token of running text hardly has; what is longer is cut before it is counted. */
const MAX_UNITS_PER_TOKEN = 8;

/** The first of `texts` that together stay within `tokens`, never fewer than `least`. */
export function withinBudget(texts: readonly string[], tokens: number, least = 0): string[] {
  let used = 0;
  const end = texts.findIndex((text, i) => {
    used += countTokens(text);
    return used > tokens && i >= least;
  });
  return end === -1 ? [...texts] : texts.slice(0, end);
}

/** The beginning of a text that stays within `limit` tokens, with an ellipsis if anything was cut; never half a character. */
export function cutToTokens(text: string, limit: number): string {
  let part = text.slice(0, limit * MAX_UNITS_PER_TOKEN);
  for (let tokens = countTokens(part); tokens > limit; tokens = countTokens(part)) part = part.slice(0, Math.floor((part.length * limit) / tokens));
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
