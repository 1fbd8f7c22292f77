import type { TextSample } from '../document-parser.port.ts';
import { BlockAssembler } from './block-assembler.ts';
import { LineParser, type LineReader } from './line-parser.ts';
import { MarkdownReader } from './markdown-reader.ts';
import { LineScanner } from './scan-lines.ts';

const NAME = /\.(?:md|markdown|mdx)$/;
const HEADING_ALONE = /(?:^|\n[ \t]*\r?\n)#{1,6} [^\n]+\r?\n(?=[ \t]*\r?\n)/g;
const FRONT_TITLE = /^---\r?\n(?:[^\n]*\n){0,50}?title:[ \t]*["']?([^\n"']{1,300})["']?[ \t]*\r?\n/u;

/** Markdown (CommonMark's block structure, and tables). */
export class MarkdownParser extends LineParser {
  override readonly format = 'markdown';
  override readonly version = 1;
  override readonly mediaType = 'text/markdown';

  override confidence(sample: TextSample): number {
    const headings = sample.text.match(HEADING_ALONE)?.length ?? 0;
    if (NAME.test(sample.name)) return headings > 0 ? 0.95 : 0.8;
    return headings >= 2 ? 0.7 : 0;
  }

  override titleOf(sample: TextSample): string | undefined {
    const front = FRONT_TITLE.exec(sample.text)?.[1]?.trim();
    if (front !== undefined && front !== '') return front;
    const scanner = new LineScanner();
    const blocks = new BlockAssembler();
    const reader = this.reader();
    for (const line of [...scanner.push(sample.text), ...scanner.end()]) reader.line(line, blocks);
    blocks.close();
    const title = blocks.drain().find((block) => block.kind === 'heading' && block.level === 1)?.title;
    return title === '' ? undefined : title;
  }

  protected override reader(): LineReader {
    return new MarkdownReader();
  }
}
