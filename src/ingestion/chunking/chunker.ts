import { HEADING_SEPARATOR } from '../../common/text/names.ts';
import type { Block } from '../document-parser.port.ts';
import { ChunkBuilder, lineStarts, type Piece } from './chunk-builder.ts';
import { type Chunk, type ChunkRules, MAX_TURNS } from './chunk.types.ts';
import { splitText } from './split-text.ts';
import { countTokens, fitsTokens } from '../../common/text/tokens.ts';

/** Cuts one document's blocks into chunks, as they come. */
class Chunker {
  readonly #rules: ChunkRules;
  readonly #builder: ChunkBuilder;
  #path: { readonly level: number; readonly title: string }[] = [];
  #done: Chunk[] = [];

  constructor(rules: ChunkRules) {
    this.#rules = rules;
    this.#builder = new ChunkBuilder(rules.maxTokens);
  }

  /** Takes a block and gives the chunks that are complete. */
  push(block: Block): Chunk[] {
    if (this.#breaksBefore(block)) this.#flush();
    this.#enter(block);
    const whole = fitsTokens(block.text, this.#rules.maxTokens);
    if (whole) this.#add(wholePiece(block));
    else this.#addParts(block);
    return this.#done.splice(0);
  }

  end(): Chunk[] {
    this.#flush();
    return this.#done.splice(0);
  }

  #breaksBefore(block: Block): boolean {
    if (block.lead === undefined) return true;
    if (block.kind === 'heading') return this.#builder.hasBody;
    return block.kind === 'turn' && block.continues !== true && this.#builder.turns === MAX_TURNS;
  }

  /** What a block changes for those behind it. */
  #enter(block: Block): void {
    if (block.kind === 'turn' && block.continues !== true && this.#builder.turns === MAX_TURNS) this.#builder.endTurns();
    if (block.kind !== 'heading') return;
    const level = block.level ?? 1;
    this.#path = [...this.#path.filter((heading) => heading.level < level), { level, title: block.title ?? block.text.slice(0, 200) }];
  }

  #add(piece: Piece): void {
    if (!this.#builder.fits(piece)) this.#flush();
    this.#builder.add(piece);
  }

  #addParts(block: Block): void {
    // A block that does not fit anyway starts a chunk of its own, behind its heading.
    if (this.#builder.hasBody) this.#flush();
    let end = 0;
    let line = block.line;
    for (const span of splitText(block.text, this.#rules.maxTokens)) {
      const between = block.text.slice(end, span.start);
      line += between.split('\n').length - 1;
      const text = block.text.slice(span.start, span.end);
      const lead = end === 0 ? (block.lead ?? '') : between;
      this.#add({ block, text, start: block.start + span.start, line, lead, tokens: span.tokens, opens: end === 0 });
      line += text.split('\n').length - 1;
      end = span.end;
    }
  }

  #flush(): void {
    const chunk = this.#builder.take(this.#title());
    if (chunk !== undefined) this.#done.push(chunk);
  }

  /** Headings stand only at the start of a chunk, so the path of its end is the path of all its text. */
  #title(): string {
    const { documentTitle } = this.#rules;
    const path = this.#path.map((heading) => heading.title).filter((title) => title !== '');
    if (path[0] === documentTitle) path.shift();
    return [documentTitle, ...path].join(HEADING_SEPARATOR);
  }
}

function wholePiece(block: Block): Piece {
  const { text, start, line } = block;
  return { block, text, start, line, lead: block.lead ?? '', tokens: countTokens(text), opens: true };
}

/**
 * Cuts blocks into chunks, structure first: at headings, after ten turns, between paragraphs, and inside a block that is too long
 * between sentences. Chunks are in order, do not overlap and cover all text but white space; each is literally the document's text
 * at its offsets and has at most `maxTokens` tokens.
 */
export async function* chunkBlocks(blocks: AsyncIterable<Block>, rules: ChunkRules): AsyncGenerator<Chunk> {
  const chunker = new Chunker(rules);
  for await (const block of blocks) yield* chunker.push(block);
  yield* chunker.end();
}

/** A text that stays one chunk whatever it holds; nothing if it is white space. */
export function wholeChunk(text: string, title: string): Chunk | undefined {
  const body = text.trim();
  if (body === '') return undefined;
  const start = text.length - text.trimStart().length;
  const first = 1 + text.slice(0, start).split('\n').length - 1;
  const last = first + body.split('\n').length - 1;
  return {
    title,
    text: body,
    position: { start, end: start + body.length, lines: [first, last] },
    blocks: [0, ...lineStarts(body)],
    speakers: [],
  };
}
