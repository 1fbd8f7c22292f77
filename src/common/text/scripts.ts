/** Letters that are neither capital nor small: Arabic, Hebrew, Devanagari, Han, Kana, Thai, and Georgian, whose small letters have capitals in name only. */
const CASELESS = /^(?:[\u10d0-\u10ff]|(?!\p{Script=Latin})\p{Lo})/u;

/** Scripts that put no space between words. */
const UNSPACED = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const UNSPACED_RUN = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]+|[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{M}]+|[^\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const IDEOGRAPHIC = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u;
/** A letter with the marks that belong to it. */
const LETTER = /\P{M}\p{M}*|^\p{M}+/gu;

/** Whether a word starts with a letter of a script that knows no capitals. */
export function isCaseless(word: string): boolean {
  return CASELESS.test(word);
}

/** Whether a text holds letters of a script that puts no space between words. */
export function isUnspaced(text: string): boolean {
  return UNSPACED.test(text);
}

/**
 * Cuts a run of letters into what stands for its words. Where a script puts no space between words these are overlapping pieces: of
 * two letters for Han and Kana, of three for Thai, Lao, Khmer and Burmese. A dictionary would cut the same name in two ways in two
 * sentences, and change with its version; pieces depend on the letters alone, so what is asked is cut as what was indexed.
 */
export function pieces(run: string): string[] {
  if (!isUnspaced(run)) return [run];
  return (run.match(UNSPACED_RUN) ?? []).flatMap((part) => (isUnspaced(part) ? overlapping(part) : [part]));
}

function overlapping(part: string): string[] {
  const letters = part.match(LETTER) ?? [];
  const size = IDEOGRAPHIC.test(part) ? 2 : 3;
  if (letters.length <= size) return [part];
  return Array.from({ length: letters.length - size + 1 }, (_, i) => letters.slice(i, i + size).join(''));
}
