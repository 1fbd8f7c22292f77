/** A sentence and where it stands. */
export interface Sentence {
  /** Offset of the first UTF-16 code unit. */
  readonly start: number;
  /** Offset behind the last UTF-16 code unit. */
  readonly end: number;
  /** The sentence with a single space wherever the splitter had split and joined again. */
  readonly text: string;
}

const SHORT_SENTENCE = 15;
const SPLIT = /(?<=[.!?。！？؟۔।])\s+|(?<=[。！？])|\n+/gu;
const ABBREVIATION =
  /\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Jr|Sr|No|vs|Inc|Ltd|Co|Lt|Col|Gen|Prof|Rev|Mt|Ft|c|ca|b|d|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec|e\.g|i\.e|U\.S|U\.K)\.$/;

function* pieces(text: string): Generator<{ start: number; end: number }> {
  let start = 0;
  for (const match of text.matchAll(SPLIT)) {
    yield { start, end: match.index };
    start = match.index + match[0].length;
  }
  yield { start, end: text.length };
}

function trimmed(text: string, start: number, end: number): { start: number; end: number } {
  const part = text.slice(start, end);
  const lead = part.length - part.trimStart().length;
  return { start: start + lead, end: Math.max(start + lead, start + part.trimEnd().length) };
}

function join(before: Sentence | undefined, text: string, piece: { start: number; end: number }): Sentence | undefined {
  const { start, end } = trimmed(text, piece.start, piece.end);
  if (start === end) return before;
  const part = text.slice(start, end);
  return before === undefined ? { start, end, text: part } : { start: before.start, end, text: `${before.text} ${part}` };
}

function isWhole(sentence: Sentence): boolean {
  return sentence.text.length >= SHORT_SENTENCE && !ABBREVIATION.test(sentence.text);
}

/** A short rest belongs to the sentence before it. */
function withRest(out: Sentence[], rest: Sentence): Sentence[] {
  const last = out.at(-1);
  if (last === undefined || rest.text.length >= SHORT_SENTENCE) return [...out, rest];
  return [...out.slice(0, -1), { start: last.start, end: rest.end, text: `${last.text} ${rest.text}` }];
}

/**
 * Splits after `.!?` (or the like in Arabic, Urdu and Hindi) and white space, after a full-width stop, and at line breaks; a piece that is short, or that ends in an
 * abbreviation or an initial, is joined with the next. Spans are in order and do not overlap; an empty text has none.
 */
export function sentences(text: string): Sentence[] {
  const out: Sentence[] = [];
  let current: Sentence | undefined;
  for (const piece of pieces(text)) {
    current = join(current, text, piece);
    if (current !== undefined && isWhole(current)) {
      out.push(current);
      current = undefined;
    }
  }
  return current === undefined ? out : withRest(out, current);
}
