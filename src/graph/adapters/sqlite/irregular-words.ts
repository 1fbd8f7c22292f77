import { words } from '../../../common/text/words.ts';

const TOKEN = /[\p{L}\p{N}\p{M}'’]+/gu;
const MARKS = /\p{Mn}/gu;
const PLAIN = /^[A-Za-z0-9]+$/;
const ALL_PLAIN = /^[^'\u0080-\uffff]*$/;

/**
 * Words that FTS5 may cut or fold otherwise than name matching does: those with an apostrophe (FTS5 splits O'Brien) and those that
 * are not Latin letters with or without accents. A phrase search alone would miss names made of them.
 */
export function irregularWords(text: string): string[] {
  if (ALL_PLAIN.test(text)) return [];
  const found = new Set<string>();
  for (const [token] of text.matchAll(TOKEN)) {
    if (PLAIN.test(token) || PLAIN.test(token.normalize('NFD').replace(MARKS, ''))) continue;
    for (const word of words(token)) found.add(word.norm);
  }
  return [...found];
}
