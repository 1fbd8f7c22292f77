import { words } from '../../../common/text/words.ts';

const TOKEN = /[\p{L}\p{N}\p{M}'’]+/gu;
const LATIN = /\p{Script=Latin}/u;
const LETTER = /\p{L}/u;
const MARKS = /\p{Mn}/gu;
const PLAIN = /^[A-Za-z0-9]+$/;
const ALL_PLAIN = /^[^'\u0080-\uffff]*$/;

/**
 * Words that FTS5 may cut or fold otherwise than name matching does: those with an apostrophe (FTS5 splits O'Brien) and those that
 * are not plain Latin letters with or without accents. A phrase search alone would miss names made of them. Words of other scripts
 * are in the text index as `words` has them.
 */
export function irregularWords(text: string): string[] {
  if (ALL_PLAIN.test(text)) return [];
  const found = new Set<string>();
  for (const [token] of text.matchAll(TOKEN)) {
    if (PLAIN.test(token) || isOtherScript(token) || PLAIN.test(token.normalize('NFD').replace(MARKS, ''))) continue;
    for (const word of words(token)) found.add(word.norm);
  }
  return [...found];
}

function isOtherScript(token: string): boolean {
  return LETTER.test(token) && !LATIN.test(token);
}
