import { isBeyondLatin } from './indexed-text.ts';
import { words } from '../../../common/text/words.ts';

const TOKEN = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}'’]*[\p{L}\p{N}\p{M}])?/gu;
const LATIN = /\p{Script=Latin}/u;
const LETTER = /\p{L}/u;
const MARKS = /\p{Mn}/gu;
const PLAIN = /^[A-Za-z0-9]+$/;
const POSSESSIVE = /^[A-Za-z0-9]+['’]s$/i;
const ALL_PLAIN = /^[^'\u0080-\uffff]*$/;

/**
 * Words, and pairs of neighbours, that a phrase search misses where names are matched without it: FTS5 splits O'Brien and York's,
 * and leaves Latin letters such as ø or ﬁ as they are. A word is given if FTS5 has no such word there; a pair if one of the two is
 * cut otherwise. In a text of another script than Latin the text index has its words as `words` has them.
 */
export function irregularPhrases(text: string): string[] {
  if (ALL_PLAIN.test(text)) return [];
  const isCutAlike = isBeyondLatin(text);
  const tokens = text.match(TOKEN) ?? [];
  const found = new Set<string>();
  for (const [i, token] of tokens.entries()) {
    if (!isIrregular(token, isCutAlike)) continue;
    const own = normsOf(token);
    // Of York's there is a york.
    if (!POSSESSIVE.test(withoutMarks(token))) for (const norm of own) found.add(norm);
    for (const pair of pairs([...normsOf(tokens[i - 1]).slice(-1), ...own, ...normsOf(tokens[i + 1]).slice(0, 1)])) found.add(pair);
  }
  return [...found];
}

function isIrregular(token: string, isCutAlike: boolean): boolean {
  return !PLAIN.test(token) && !PLAIN.test(withoutMarks(token)) && !(isCutAlike && isOtherScript(token));
}

function withoutMarks(token: string): string {
  return token.normalize('NFD').replace(MARKS, '');
}

/** What to look up to find all irregular places of a name: itself, or of several words each pair of neighbours. */
export function irregularKeys(norm: string): string[] {
  const parts = norm.split(' ');
  return parts.length === 1 ? parts : pairs(parts);
}

function normsOf(token: string | undefined): string[] {
  return token === undefined ? [] : words(token).map((word) => word.norm);
}

function pairs(norms: readonly string[]): string[] {
  return norms.slice(1).map((norm, i) => `${norms[i] ?? ''} ${norm}`);
}

function isOtherScript(token: string): boolean {
  return LETTER.test(token) && !LATIN.test(token);
}
