import { isUnspaced } from '../../../common/text/scripts.ts';
import { words } from '../../../common/text/words.ts';

/** Letters outside Latin have to be in these ranges; a first look that costs nothing. */
const BEYOND = /[\u0370-\u1cff\u1f00-\u1fff\u2c00-\u2c5f\u2c80-\u2dff\u3005-\ua71f\ua800-\ufaff\ufb13-\ufdff\ufe70-\ufeff\uff66-\uffdc\u{10000}-\u{3ffff}]/u;
/** A run of letters of other scripts with their marks; spacing modifiers (Hawaiʻi) belong to Latin. */
const OTHER_RUN = /(?!\p{Script=Latin}|[\u02b0-\u02ff])\p{L}(?:(?!\p{Script=Latin}|[\u02b0-\u02ff])[\p{L}\p{M}])*/gu;
const LETTER = /\p{L}/gu;
/** So much of a text's letters makes it one of another script. A few foreign words do not: they would only make a Latin text longer. */
const LEAST_SHARE = 0.25;
const PLAIN = /^\p{ASCII}*$/u;
const MARK = /\p{M}/gu;
/** Where the private-use characters start that stand for marks. */
const PRIVATE = 0xe000;

/** Whether the text index has the text as `words` cuts it, because it is mostly or in good part of another script than Latin. */
export function isBeyondLatin(text: string): boolean {
  if (!BEYOND.test(text)) return false;
  const other = (text.match(OTHER_RUN) ?? []).reduce((sum, run) => sum + run.length, 0);
  return other > 0 && other >= LEAST_SHARE * (text.match(LETTER)?.length ?? 0);
}

/**
 * A text as it goes into the text index. FTS5's tokenizer keeps a run of Chinese whole, cuts a Hindi word at its vowel signs and
 * leaves accents on Cyrillic; so what is not Latin in such a text goes in as the words that names and questions are made of. Latin goes in
 * as it is.
 */
export function indexedText(text: string): string {
  if (!isBeyondLatin(text)) return text;
  return text.replace(OTHER_RUN, (run) => {
    const own = words(run).map((word) => indexedWord(word.norm)).join(' ');
    // Where there are no spaces, what stands beside the run is a word of its own too.
    return isUnspaced(run) ? ` ${own} ` : own;
  });
}

/** A normalised word, or several, as the text index has them: marks, which FTS5 would cut at, become characters it takes for letters. */
export function indexedWord(norm: string): string {
  return PLAIN.test(norm) ? norm : norm.replace(MARK, (mark) => String.fromCodePoint(PRIVATE + ((mark.codePointAt(0) ?? 0) & 0x17ff)));
}
