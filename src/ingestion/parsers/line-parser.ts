import { type Block, DocumentParser } from '../document-parser.port.ts';
import { BlockAssembler } from './block-assembler.ts';
import { type Line, LineScanner } from './scan-lines.ts';

/** Decides, line by line, where blocks begin and end. One per document. */
export interface LineReader {
  line(line: Line, blocks: BlockAssembler): void;
}

/** A parser that needs no more than one line at a time. */
export abstract class LineParser extends DocumentParser {
  protected abstract reader(): LineReader;

  override async *parse(text: AsyncIterable<string>, signal?: AbortSignal): AsyncGenerator<Block> {
    const scanner = new LineScanner();
    const blocks = new BlockAssembler();
    const reader = this.reader();
    for await (const part of text) {
      signal?.throwIfAborted();
      for (const line of scanner.push(part)) reader.line(line, blocks);
      yield* blocks.drain();
    }
    for (const line of scanner.end()) reader.line(line, blocks);
    blocks.close();
    yield* blocks.drain();
  }
}
