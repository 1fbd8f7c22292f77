import type { Block } from '../document-parser.port.ts';
import type { Chunk } from './chunk.types.ts';
import { countTokens } from '../../common/text/tokens.ts';

/** A stretch of one block, on its way into a chunk. */
export interface Piece {
  readonly block: Block;
  readonly text: string;
  /** Offset in the document's text. */
  readonly start: number;
  /** Line on which it starts. */
  readonly line: number;
  /** White space before it. */
  readonly lead: string;
  readonly tokens: number;
  /** Whether a paragraph, a turn or the like starts here. */
  readonly opens: boolean;
}

const PER_LINE: ReadonlySet<Block['kind']> = new Set(['code', 'table', 'turn']);

/** Offsets at which lines that are not blank start, but for the first one. */
export function lineStarts(text: string): number[] {
  return [...text.matchAll(/\n\s*(?=\S)/gu)].map((match) => match.index + match[0].length);
}

function countBreaks(text: string): number {
  return text.split('\n').length - 1;
}

function startsBlock({ block, lead, opens }: Piece): boolean {
  return opens || (PER_LINE.has(block.kind) && lead.includes('\n'));
}

function innerStarts({ block, text }: Piece): number[] {
  return PER_LINE.has(block.kind) ? lineStarts(text) : [];
}

/** Gathers pieces that follow each other until they make a chunk. */
export class ChunkBuilder {
  readonly #maxTokens: number;
  #pieces: Piece[] = [];
  #tokens = 0;
  #turns = 0;

  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens;
  }

  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Turns that were begun since the chunk before was complete. */
  get turns(): number {
    return this.#turns;
  }

  /** Whether there is anything but headings. */
  get hasBody(): boolean {
    return this.#pieces.some((piece) => piece.block.kind !== 'heading');
  }

  /** Whether a piece would still fit. Near the limit the joined text is counted: it may have more tokens than its parts. */
  fits(piece: Piece): boolean {
    if (this.empty) return true;
    const sum = this.#tokens + piece.tokens + leadTokens(piece.lead);
    if (sum <= this.#maxTokens * 0.85 || sum > this.#maxTokens) return sum <= this.#maxTokens;
    return countTokens(this.#text() + piece.lead + piece.text) <= this.#maxTokens;
  }

  /** The caller has asked whether it fits. */
  add(piece: Piece): void {
    this.#tokens += piece.tokens + (this.empty ? 0 : leadTokens(piece.lead));
    if (piece.block.kind === 'turn' && piece.opens && piece.block.continues !== true) this.#turns += 1;
    this.#pieces.push(piece);
  }

  /** A group of turns is complete. */
  endTurns(): void {
    this.#turns = 0;
  }

  /** Takes the chunk that was gathered, if there is one. */
  take(title: string): Chunk | undefined {
    const [first] = this.#pieces;
    const last = this.#pieces.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const text = this.#text();
    const speakers = [...new Set(this.#pieces.flatMap((piece) => piece.block.speaker ?? []))];
    const chunk = { title, text, position: this.#position(first, last, speakers), blocks: this.#blocks(), speakers };
    this.#pieces = [];
    this.#tokens = 0;
    return chunk;
  }

  #text(): string {
    return this.#pieces.map((piece, i) => (i === 0 ? piece.text : piece.lead + piece.text)).join('');
  }

  #position(first: Piece, last: Piece, speakers: readonly string[]): Chunk['position'] {
    const [speaker] = speakers;
    const alone = speakers.length === 1 && this.#pieces.every((piece) => piece.block.speaker === speaker);
    const { page, timeSeconds } = first.block;
    return {
      start: first.start,
      end: last.start + last.text.length,
      lines: [first.line, last.line + countBreaks(last.text)],
      ...(page === undefined ? {} : { page }),
      ...rowsOf(this.#pieces),
      ...(alone && speaker !== undefined ? { speaker } : {}),
      ...(timeSeconds === undefined ? {} : { timeSeconds }),
    };
  }

  #blocks(): number[] {
    const starts: number[] = [];
    let offset = 0;
    for (const [i, piece] of this.#pieces.entries()) {
      if (i > 0) offset += piece.lead.length;
      if (i === 0 || startsBlock(piece)) starts.push(offset);
      for (const line of innerStarts(piece)) starts.push(offset + line);
      offset += piece.text.length;
    }
    return starts;
  }
}

function rowsOf(pieces: readonly Piece[]): Pick<Chunk['position'], 'rows'> {
  const rows = pieces.flatMap(({ block }) => block.row ?? []);
  const [first, last] = [rows[0], rows.at(-1)];
  return first === undefined || last === undefined ? {} : { rows: [first, last] };
}

function leadTokens(lead: string): number {
  // A single space is part of the token behind it.
  return lead.length <= 1 ? lead.length : countTokens(lead);
}
