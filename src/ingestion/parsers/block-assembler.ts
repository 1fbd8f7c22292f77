import { type Block, type BlockKind, MAX_BLOCK_UNITS } from '../document-parser.port.ts';
import type { Line } from './scan-lines.ts';

/** White space longer than this between two blocks is not kept: no chunk goes across it. */
const MAX_LEAD_UNITS = 1000;

/** What a block is, beside its place. */
export interface BlockMark {
  readonly kind: BlockKind;
  readonly level?: number;
  readonly title?: string;
  readonly speaker?: string;
  readonly timeSeconds?: number;
}

interface OpenBlock {
  mark: BlockMark;
  readonly start: number;
  readonly line: number;
  readonly continues: boolean;
  text: string;
  lines: number;
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Puts lines together to blocks with exact places. A parser opens a block, adds lines, closes it; the finished ones are drained. */
export class BlockAssembler {
  #done: Block[] = [];
  #open: OpenBlock | undefined;
  #lead: string | undefined = '';

  /** The kind of the open block, if there is one. */
  get kind(): BlockKind | undefined {
    return this.#open?.mark.kind;
  }

  /** The text of the open block so far. */
  get text(): string {
    return this.#open?.text ?? '';
  }

  /** How many lines the open block has. */
  get lines(): number {
    return this.#open?.lines ?? 0;
  }

  /** Closes the open block and starts one with this line. */
  open(line: Line, mark: BlockMark): void {
    this.close();
    this.#start(line, mark, line.continued);
  }

  /** Adds a line to the open block; an open block that is full is handed out and continued. */
  add(line: Line): void {
    const open = this.#open;
    if (open === undefined) {
      this.open(line, { kind: 'paragraph' });
      return;
    }
    if (open.text.length + line.text.length > MAX_BLOCK_UNITS) {
      this.close();
      this.#start(line, open.mark, true);
      return;
    }
    open.text += line.text;
    open.lines += 1;
  }

  /** Closes the open block; the line is white space between blocks. */
  blank(line: Line): void {
    this.close();
    this.#space(line.text);
  }

  /** Says anew what the open block is. */
  remark(mark: BlockMark): void {
    if (this.#open !== undefined) this.#open.mark = mark;
  }

  close(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const text = open.text.trim();
    if (text === '') {
      this.#space(open.text);
      return;
    }
    const before = open.text.slice(0, open.text.length - open.text.trimStart().length);
    this.#space(before);
    this.#done.push(this.#block(open, text, before));
    this.#lead = '';
    this.#space(open.text.slice(before.length + text.length));
  }

  /** Takes the finished blocks. */
  drain(): Block[] {
    return this.#done.splice(0);
  }

  #start(line: Line, mark: BlockMark, continues: boolean): void {
    this.#open = { mark, start: line.start, line: line.number, continues, text: line.text, lines: 1 };
  }

  #block(open: OpenBlock, text: string, before: string): Block {
    const start = open.start + before.length;
    return {
      ...open.mark,
      text,
      start,
      end: start + text.length,
      line: open.line + countBreaks(before),
      ...(this.#lead === undefined ? {} : { lead: this.#lead }),
      ...(open.continues ? { continues: true } : {}),
    };
  }

  #space(text: string): void {
    if (this.#lead === undefined) return;
    this.#lead = this.#lead.length + text.length > MAX_LEAD_UNITS ? undefined : this.#lead + text;
  }
}
