import { words } from '../../../common/text/words.ts';

/** Letters outside Latin have to be in these ranges; a first look that costs nothing. */
const BEYOND = /[\u0370-\u1cff\u1f00-\u1fff\u2c00-\u2c5f\u2c80-\u2dff\u3005-\ua71f\ua800-\ufaff\ufb13-\ufdff\ufe70-\ufeff\uff66-\uffdc\u{10000}-\u{3ffff}]/u;
const NOT_LATIN = /(?!\p{Script=Latin})\p{L}/u;
const PLAIN = /^\p{ASCII}*$/u;
const MARK = /\p{M}/gu;
/** Where the private-use characters start that stand for marks. */
const PRIVATE = 0xe000;

/** Whether a text has letters that FTS5 would cut or fold otherwise than `words` does. */
export function isBeyondLatin(text: string): boolean {
  return BEYOND.test(text) && NOT_LATIN.test(text);
}

/**
 * A text as it goes into the text index. FTS5's tokenizer keeps a run of Chinese whole, cuts a Hindi word at its vowel signs and
 * leaves accents on Cyrillic; so a text beyond Latin goes in as the words that names and questions are made of. Latin goes in as it is.
 */
export function indexedText(text: string): string {
  if (!isBeyondLatin(text)) return text;
  return words(text).map((word) => (PLAIN.test(word.surface) ? word.surface : indexedWord(word.norm))).join(' ');
}

/** A normalised word, or several, as the text index has them: marks, which FTS5 would cut at, become characters it takes for letters. */
export function indexedWord(norm: string): string {
  return PLAIN.test(norm) ? norm : norm.replace(MARK, (mark) => String.fromCodePoint(PRIVATE + ((mark.codePointAt(0) ?? 0) & 0x17ff)));
}
