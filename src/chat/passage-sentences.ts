import { sentences } from '../common/text/sentences.ts';

/** A sentence of a passage; offsets are into the passage's text. */
export interface PassageSentence {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** As it is shown: on one line, with single spaces. The literal text is the passage's from `start` to `end`. */
  readonly text: string;
}

/** A sentence longer than this is cut, so that speech without punctuation still gives quotes that can be read. */
const MAX_SENTENCE = 500;
const CUT_AT = 400;

/** A line shorter than this was not broken by a margin, so the next one begins something new. */
const SHORT_LINE = 40;
const TURN = /^([\p{Lu}\p{N}][^:\n]{0,60}):\s/u;
const STRUCTURE = /^\s*(?:[-*+•|#>]|\d+[.)]\s|$)/u;
const LINE_ENDS_SENTENCE = /[.!?:;。！？]["'”’)\]}\s]*$/u;

/**
 * The sentences of a passage, in order, without overlap. None crosses a turn of a transcript, a paragraph, a heading or an item of a
 * list; a line that a margin broke is joined with the next.
 */
export function passageSentences(text: string): PassageSentence[] {
  return blocksOf(text).flatMap(({ start, end }) => {
    const block = text.slice(start, end).replaceAll(/[\r\n]/g, ' ');
    return sentences(block).flatMap((sentence) => cut(block, sentence.start, sentence.end).map((span) => placed(block, span, start)));
  });
}

/** Who speaks at an offset of a transcript's passage: the speaker of the line it is in, as far as the passage shows it. */
export function speakerAt(text: string, offset: number): string | undefined {
  let speaker: string | undefined;
  for (const line of linesOf(text)) {
    if (line.start > offset) break;
    speaker = TURN.exec(text.slice(line.start, Math.min(line.end, line.start + 80)))?.[1] ?? speaker;
  }
  return speaker;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function placed(block: string, span: Span, offset: number): PassageSentence {
  const text = block.slice(span.start, span.end).replaceAll(/\s+/g, ' ');
  return { start: offset + span.start, end: offset + span.end, text };
}

function* linesOf(text: string): Generator<Span> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    yield { start, end };
    start = end;
  }
}

function blocksOf(text: string): Span[] {
  const blocks: Span[] = [];
  let before: string | undefined;
  for (const line of linesOf(text)) {
    const content = text.slice(line.start, line.end);
    const last = blocks.at(-1);
    if (last === undefined || before === undefined || startsBlock(content, before)) blocks.push(line);
    else blocks[blocks.length - 1] = { start: last.start, end: line.end };
    before = content;
  }
  return blocks;
}

function startsBlock(line: string, before: string): boolean {
  return before.trim().length < SHORT_LINE || LINE_ENDS_SENTENCE.test(before) || STRUCTURE.test(line) || TURN.test(line);
}

function cut(block: string, start: number, end: number): Span[] {
  const spans: Span[] = [];
  let from = start;
  while (end - from > MAX_SENTENCE) {
    const to = from + cutPoint(block.slice(from, from + CUT_AT));
    spans.push({ start: from, end: to });
    from = to + (block.slice(to, end).length - block.slice(to, end).trimStart().length);
  }
  return from < end ? [...spans, { start: from, end }] : spans;
}

/** Behind the last comma or semicolon, else before the last white space, else anywhere but within a surrogate pair. */
function cutPoint(part: string): number {
  const clause = Math.max(part.lastIndexOf(', '), part.lastIndexOf('; '));
  if (clause > CUT_AT / 3) return clause + 1;
  const space = part.trimEnd().lastIndexOf(' ');
  if (space > 0) return part.slice(0, space).trimEnd().length;
  const last = part.charCodeAt(part.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? part.length - 1 : part.length;
}
