import type { BlockAssembler, BlockMark } from './block-assembler.ts';
import type { LineReader } from './line-parser.ts';
import { closesFence, type Fence, fenceOf, headingOf, isRule, isTableRule, plainHeading, startsListItem, underlineLevel } from './markdown-lines.ts';
import type { Line } from './scan-lines.ts';

const FRONT_MATTER: Fence = { mark: '-', length: 3 };

/**
 * Finds the blocks of Markdown in one pass: headings of both forms, fenced code, front matter, list items, tables, paragraphs.
 * Quotes and HTML are paragraphs: nothing of the text is dropped or changed.
 */
export class MarkdownReader implements LineReader {
  #fence: Fence | undefined;

  line(line: Line, blocks: BlockAssembler): void {
    const text = line.text.replace(/\r?\n$/, '');
    if (this.#fence !== undefined) this.#inFence(line, text, blocks);
    else if (text.trim() === '') blocks.blank(line);
    else if (line.continued) this.#continue(line, blocks, { kind: 'paragraph' });
    else if (!this.#special(line, text, blocks)) this.#continue(line, blocks, { kind: 'paragraph' });
  }

  #inFence(line: Line, text: string, blocks: BlockAssembler): void {
    blocks.add(line);
    const fence = this.#fence;
    if (fence === undefined) return;
    const closed = fence === FRONT_MATTER ? /^(?:---|\.\.\.)\s*$/.test(text) : closesFence(text, fence);
    if (!closed) return;
    this.#fence = undefined;
    blocks.close();
  }

  /** Whether the line was one that means more than its text. */
  #special(line: Line, text: string, blocks: BlockAssembler): boolean {
    return this.#opensFence(line, text, blocks) || this.#heading(line, text, blocks) || this.#structure(line, text, blocks);
  }

  #opensFence(line: Line, text: string, blocks: BlockAssembler): boolean {
    const fence = line.number === 1 && /^---\s*$/.test(text) ? FRONT_MATTER : fenceOf(text);
    if (fence === undefined) return false;
    this.#fence = fence;
    blocks.open(line, { kind: 'code' });
    return true;
  }

  #heading(line: Line, text: string, blocks: BlockAssembler): boolean {
    const heading = headingOf(text);
    if (heading !== undefined) {
      blocks.open(line, { kind: 'heading', ...heading });
      blocks.close();
      return true;
    }
    const level = blocks.kind === 'paragraph' ? underlineLevel(text) : undefined;
    if (level === undefined || blocks.text.length > 1000) return false;
    blocks.remark({ kind: 'heading', level, title: plainHeading(blocks.text) });
    blocks.add(line);
    blocks.close();
    return true;
  }

  #structure(line: Line, text: string, blocks: BlockAssembler): boolean {
    if (isRule(text)) {
      blocks.open(line, { kind: 'paragraph' });
      blocks.close();
      return true;
    }
    if (startsListItem(text)) {
      blocks.open(line, { kind: 'list-item' });
      return true;
    }
    if (blocks.kind !== 'paragraph' || blocks.lines !== 1 || !blocks.text.includes('|') || !isTableRule(text)) return false;
    blocks.remark({ kind: 'table' });
    blocks.add(line);
    return true;
  }

  #continue(line: Line, blocks: BlockAssembler, mark: BlockMark): void {
    if (blocks.kind === undefined) blocks.open(line, mark);
    else blocks.add(line);
  }
}
