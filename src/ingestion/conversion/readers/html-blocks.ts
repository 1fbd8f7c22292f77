import { Parser } from 'htmlparser2';
import type { BlockKind } from '../../document-parser.port.ts';
import type { ReadBlock } from '../conversion.types.ts';

/** Elements whose text nobody reads. */
const SILENT = new Set(['script', 'style', 'noscript', 'template', 'svg', 'math', 'iframe', 'object', 'canvas', 'audio', 'video', 'select', 'head', 'datalist']);
/** Elements that begin and end on lines of their own. */
const BLOCKS = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'body', 'caption', 'dd', 'details', 'div', 'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'header', 'hr'],
  ...['legend', 'main', 'nav', 'ol', 'p', 'section', 'summary', 'table', 'tbody', 'thead', 'tfoot', 'ul', 'html'],
]);
const HEADING = /^h([1-6])$/;
/** Deeper than any page that a person wrote. */
const MAX_DEPTH = 5000;

const cell = (page: HtmlBlocks): void => { page.cell(); };
const endCell = (page: HtmlBlocks): void => { page.endCell(); };
/** Elements that do something else than begin or end a block. */
const OPENED: Readonly<Record<string, (page: HtmlBlocks) => void>> = { br: (page) => { page.breakLine(); }, tr: (page) => { page.row(); }, td: cell, th: cell };
const CLOSED: Readonly<Record<string, (page: HtmlBlocks) => void>> = { td: endCell, th: endCell, tr: (page) => { page.endRow(); } };

function isSilent(name: string, attributes: Readonly<Record<string, string>>): boolean {
  return SILENT.has(name) || 'hidden' in attributes;
}

/** What the text of an element is; nothing for one that is part of a line. */
function kindOf(name: string): BlockKind | undefined {
  if (HEADING.test(name)) return 'heading';
  if (name === 'li') return 'list-item';
  if (name === 'pre') return 'code';
  return BLOCKS.has(name) ? 'paragraph' : undefined;
}

/** Finds the blocks of HTML as it comes. Never throws: whatever is not well-formed is read as a browser would, roughly. */
export class HtmlBlocks {
  readonly #parser: Parser;
  #done: ReadBlock[] = [];
  #text = '';
  #kind: BlockKind = 'paragraph';
  #level = 1;
  #silent = 0;
  #depth = 0;
  #pre = 0;
  #cells: string[] | undefined;
  #inTitle = false;
  #title = '';

  constructor() {
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => { this.#open(name, attributes); },
        ontext: (text) => { this.#add(text); },
        onclosetag: (name) => { this.#close(name); },
      },
      { decodeEntities: true, lowerCaseTags: true },
    );
  }

  /** What the page calls itself. */
  get title(): string | undefined {
    const title = this.#title.replaceAll(/\s+/gu, ' ').trim();
    return title === '' ? undefined : title;
  }

  write(html: string): void {
    this.#parser.write(html);
  }

  end(html: string): void {
    this.#parser.end(html);
    this.#flush();
  }

  /** Takes the finished blocks. */
  drain(): ReadBlock[] {
    return this.#done.splice(0);
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#depth += 1;
    if (name === 'title') this.#inTitle = true;
    // What is in something silent is silent; its own end tag is the one that counts.
    if (this.#silent > 0 || isSilent(name, attributes) || this.#depth > MAX_DEPTH) this.#silent += 1;
    else if (Object.hasOwn(OPENED, name)) OPENED[name]?.(this);
    else if (this.#cells === undefined) this.begin(name);
  }

  /** A line break within a block. */
  breakLine(): void {
    this.#text += '\n';
  }

  /** A block begins, if it is the element of one. */
  begin(name: string): void {
    const kind = kindOf(name);
    if (kind === undefined) return;
    this.#flush();
    if (kind === 'code') this.#pre += 1;
    this.#level = Number(HEADING.exec(name)?.[1] ?? 1);
    this.#kind = kind;
  }

  #add(text: string): void {
    if (this.#inTitle) this.#title += text;
    else if (this.#silent === 0) this.#text += this.#pre > 0 ? text : text.replaceAll(/\s+/gu, ' ');
  }

  #close(name: string): void {
    this.#depth -= 1;
    if (name === 'title') this.#inTitle = false;
    if (this.#silent > 0) {
      this.#silent -= 1;
      return;
    }
    if (name === 'pre') this.#pre = Math.max(0, this.#pre - 1);
    if (Object.hasOwn(CLOSED, name)) CLOSED[name]?.(this);
    else if (this.#cells === undefined && kindOf(name) !== undefined) this.#flush();
  }

  row(): void {
    this.endRow();
    this.#flush();
    this.#cells = [];
  }

  cell(): void {
    this.#cells ??= [];
    this.endCell();
  }

  endCell(): void {
    const text = plain(this.#text);
    this.#text = '';
    if (text !== '') this.#cells?.push(text);
  }

  endRow(): void {
    if (this.#cells === undefined) return;
    this.endCell();
    const text = this.#cells.join(' | ');
    this.#cells = undefined;
    if (text !== '') this.#done.push({ kind: 'table', text });
  }

  #flush(): void {
    this.endRow();
    const text = this.#kind === 'code' ? this.#text.replaceAll('\r\n', '\n').trim() : plain(this.#text);
    this.#text = '';
    const kind = this.#kind;
    this.#kind = 'paragraph';
    if (text === '') return;
    this.#done.push(kind === 'heading' ? { kind, text, level: this.#level } : { kind, text });
  }
}

function plain(text: string): string {
  return text.replaceAll(/[^\S\n]+/gu, ' ').replaceAll(/ ?\n ?/g, '\n').trim();
}
