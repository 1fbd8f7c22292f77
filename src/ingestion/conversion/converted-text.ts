import { wellFormed } from '../decoding/decode.ts';
import { type Block, type BlockKind, MAX_BLOCK_UNITS } from '../document-parser.port.ts';
import { cutPoint } from '../parsers/scan-lines.ts';
import type { ReadBlock } from './conversion.types.ts';

/** A block at its place in the text that is put together, and what stands before it there. */
export interface PlacedBlock {
  readonly before: string;
  readonly block: Block;
}

/** Blocks of these kinds stand on lines that follow each other. */
const CLOSE: ReadonlySet<BlockKind> = new Set(['table', 'list-item', 'turn']);

/** Puts what a reader finds together to a text, a block after the other, with exact places. One for each document. */
export class ConvertedText {
  #end = 0;
  #line = 1;
  #kind: BlockKind | undefined;
  #page: number | undefined;

  /** The block, in several where it is too long for one; nothing where there is no text in it. */
  *place(read: ReadBlock): Generator<PlacedBlock> {
    const { text: raw, kind, level = 1 } = read;
    const marks = marksOf(read);
    let rest = wellFormed(raw).replaceAll(/\r\n?/g, '\n').trim();
    for (let first = true; rest !== ''; first = false) {
      const cut = rest.length <= MAX_BLOCK_UNITS ? rest.length : cutPoint(rest.slice(0, MAX_BLOCK_UNITS), MAX_BLOCK_UNITS);
      const text = rest.slice(0, cut).trim();
      rest = rest.slice(cut).trimStart();
      const heading = kind === 'heading' ? { level, title: text.replaceAll(/\s+/gu, ' ').slice(0, 200) } : {};
      yield this.#place({ kind, text, ...marks, ...heading, ...(first ? {} : { continues: true }) });
    }
  }

  #place(block: Omit<Block, 'start' | 'end' | 'line' | 'lead'>): PlacedBlock {
    const before = this.#kind === undefined ? '' : this.#separator(block);
    // No chunk goes over the end of a page, so that it is cited at the page on which all of it stands.
    const turned = this.#kind !== undefined && block.page !== this.#page;
    const start = this.#end + before.length;
    const line = this.#line + breaksIn(before);
    this.#end = start + block.text.length;
    this.#line = line + breaksIn(block.text);
    this.#kind = block.kind;
    this.#page = block.page;
    return { before, block: { ...block, start, end: this.#end, line, ...(turned ? {} : { lead: before }) } };
  }

  #separator({ kind, page }: Pick<Block, 'kind' | 'page'>): string {
    return kind === this.#kind && page === this.#page && CLOSE.has(kind) ? '\n' : '\n\n';
  }
}

function marksOf({ page, row, speaker, timeSeconds }: ReadBlock): Pick<Block, 'page' | 'row' | 'speaker' | 'timeSeconds'> {
  return {
    ...(page === undefined ? {} : { page }),
    ...(row === undefined ? {} : { row }),
    ...(speaker === undefined ? {} : { speaker: wellFormed(speaker) }),
    ...(timeSeconds === undefined ? {} : { timeSeconds }),
  };
}

function breaksIn(text: string): number {
  return text.split('\n').length - 1;
}
