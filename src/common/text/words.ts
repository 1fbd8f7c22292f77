import { isCaseless, isUnspaced, pieces } from './scripts.ts';

/** A word of a text; in scripts without spaces a piece of a few letters, which overlaps the next. */
export interface Word {
  /** As written, without combining marks. */
  readonly surface: string;
  /** Lower case, without apostrophes and without a final 's. */
  readonly norm: string;
  /** The text between the word before and this one. */
  readonly gap: string;
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*/gu;
/** Accents and points; but in the scripts of India and South-East Asia, and in Kana, marks are letters in all but name. */
const COMBINING = /(?!\p{scx=Hiragana}|[\u0900-\u109f\u1780-\u17ff])[\p{Mn}\p{Me}]/gu;
/** What decomposition took apart and no stripping removed: Hangul, voiced Kana. */
const COMPOSABLE = /[\u1100-\u11ff]|\p{M}/u;
const UPPERCASE = /^\p{Uppercase}/u;
const DIGIT = /^\p{Nd}/u;
const ASCII = /^\p{ASCII}*$/u;

function withoutMarks(text: string): string {
  if (ASCII.test(text)) return text;
  const plain = text.normalize('NFKD').replace(COMBINING, '');
  return COMPOSABLE.test(plain) ? plain.normalize('NFC') : plain;
}

function normalWord(surface: string): string {
  const letters = surface.toLowerCase();
  // Most words have no apostrophe.
  if (!letters.includes("'") && !letters.includes('’')) return letters;
  const lower = letters.replaceAll('’', "'");
  return (lower.endsWith("'s") ? lower.slice(0, -2) : lower).replaceAll("'", '');
}

function whole(run: string): string[] {
  return [run];
}

/**
 * The words of a text in order: compatibility-decomposed, combining marks removed (`Zürich's` has the norm `zurich`).
 * @param limit the first so many are wanted
 */
export function words(text: string, limit = Number.POSITIVE_INFINITY): Word[] {
  const plain = withoutMarks(text);
  const found: Word[] = [];
  const cut = isUnspaced(plain) ? pieces : whole;
  let end = 0;
  WORD.lastIndex = 0;
  for (let match = WORD.exec(plain); match !== null && found.length < limit; match = WORD.exec(plain)) {
    const gap = plain.slice(end, match.index);
    for (const [i, surface] of cut(match[0]).entries()) found.push({ surface, norm: normalWord(surface), gap: i === 0 ? gap : '' });
    end = match.index + match[0].length;
  }
  return found.length > limit ? found.slice(0, limit) : found;
}

/** Runs of letters of scripts without spaces, whole and normalised: a Latin text that quotes one has it uncut in the text index. */
export function unspacedRuns(text: string): string[] {
  const plain = withoutMarks(text);
  return isUnspaced(plain) ? (plain.match(WORD) ?? []).filter(isUnspaced).map(normalWord) : [];
}

/** The normalised form of a name: its words' norms, one space between. */
export function normalForm(text: string): string {
  return words(text)
    .map((word) => word.norm)
    .join(' ');
}

/** Whether the word starts with a capital. */
export function isCapital(word: Word): boolean {
  return UPPERCASE.test(word.surface);
}

/** Whether the word may mark a name: it starts with a capital or a digit, or its script knows no capitals. */
export function isMarked(word: Word): boolean {
  return isCapital(word) || DIGIT.test(word.surface) || isCaseless(word.surface);
}
