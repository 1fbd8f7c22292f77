/** A word of a text. */
export interface Word {
  /** As written, without combining marks. */
  readonly surface: string;
  /** Lower case, without apostrophes and without a final 's. */
  readonly norm: string;
  /** The text between the word before and this one. */
  readonly gap: string;
}

const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu;
const COMBINING = /[\p{Mn}\p{Me}]/gu;
const UPPERCASE = /^\p{Uppercase}/u;
const DIGIT = /^\p{Nd}/u;
const ASCII = /^\p{ASCII}*$/u;

function withoutMarks(text: string): string {
  return ASCII.test(text) ? text : text.normalize('NFKD').replace(COMBINING, '');
}

function normalWord(surface: string): string {
  const letters = surface.toLowerCase();
  // Most words have no apostrophe.
  if (!letters.includes("'") && !letters.includes('’')) return letters;
  const lower = letters.replaceAll('’', "'");
  return (lower.endsWith("'s") ? lower.slice(0, -2) : lower).replaceAll("'", '');
}

/** The words of a text in order: compatibility-decomposed, combining marks removed (`Zürich's` has the norm `zurich`). */
export function words(text: string): Word[] {
  const plain = withoutMarks(text);
  const found: Word[] = [];
  let end = 0;
  WORD.lastIndex = 0;
  for (let match = WORD.exec(plain); match !== null; match = WORD.exec(plain)) {
    const surface = match[0];
    found.push({ surface, norm: normalWord(surface), gap: plain.slice(end, match.index) });
    end = match.index + surface.length;
  }
  return found;
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

/** Whether the word starts with a capital or a digit. */
export function isMarked(word: Word): boolean {
  return isCapital(word) || DIGIT.test(word.surface);
}
