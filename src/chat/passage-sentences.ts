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

/** From this share of its lines on that begin with a speaker, a passage is taken for a part of a transcript. */
const TRANSCRIPT_SHARE = 0.6;

/** Whether a passage without a speaker of its own is a part of a transcript: most of its lines, two at least, begin with a speaker. */
function isTranscript(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const turns = lines.filter((line) => TURN.test(line)).length;
  return turns >= 2 && turns >= lines.length * TRANSCRIPT_SHARE;
}

/**
 * Who speaks at an offset of a passage: of a transcript the speaker of the line it is in, as far as the passage shows it.
 * @param speaker the passage's own, where it has one
 */
export function speakerAt(text: string, offset: number, speaker?: string): string | undefined {
  if (speaker === undefined && !isTranscript(text)) return undefined;
  let current = speaker;
  for (const line of linesOf(text)) {
    if (line.start > offset) break;
    current = TURN.exec(text.slice(line.start, Math.min(line.end, line.start + 80)))?.[1] ?? current;
  }
  return current;
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
