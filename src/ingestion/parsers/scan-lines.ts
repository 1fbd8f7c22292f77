import { MAX_BLOCK_UNITS } from '../document-parser.port.ts';

/** A line of a text, or a part of a very long one. */
export interface Line {
  /** With its line break, if it has one; at most 64K UTF-16 units. */
  readonly text: string;
  /** Offset in the document's text. */
  readonly start: number;
  /** From 1. */
  readonly number: number;
  /** Whether it begins in the middle of a line that was too long for one part. */
  readonly continued: boolean;
}

const WHITE = /\s/u;

/** Where to cut a text that is too long: behind the last white space of its second half, else where it is full, never in a pair. */
export function cutPoint(text: string, limit: number): number {
  for (let i = limit; i > limit / 2; i -= 1) {
    if (WHITE.test(text.charAt(i - 1))) return i;
  }
  return isHighSurrogate(text.charCodeAt(limit - 1)) ? limit - 1 : limit;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Cuts text into lines as it comes; what is held back never exceeds one line or 64K units. */
export class LineScanner {
  #rest = '';
  #start = 0;
  #number = 1;
  #continued = false;

  /** The lines that end within the text given so far. */
  push(part: string): Line[] {
    const text = this.#rest + part;
    const lines: Line[] = [];
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      from = this.#bounded(text, from, at + 1, lines);
      lines.push(this.#line(text.slice(from, at + 1), true));
      from = at + 1;
    }
    from = this.#bounded(text, from, text.length, lines);
    this.#rest = text.slice(from);
    return lines;
  }

  /** The last line, if the text does not end with a line break. */
  end(): Line[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [this.#line(rest, true)];
  }

  #bounded(text: string, from: number, end: number, lines: Line[]): number {
    let start = from;
    while (end - start > MAX_BLOCK_UNITS) {
      const cut = start + cutPoint(text.slice(start, start + MAX_BLOCK_UNITS), MAX_BLOCK_UNITS);
      lines.push(this.#line(text.slice(start, cut), false));
      start = cut;
    }
    return start;
  }

  #line(text: string, complete: boolean): Line {
    const line = { text, start: this.#start, number: this.#number, continued: this.#continued };
    this.#start += text.length;
    this.#continued = !complete;
    if (complete) this.#number += 1;
    return line;
  }
}
