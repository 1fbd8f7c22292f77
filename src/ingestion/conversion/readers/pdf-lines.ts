import type { ReadBlock } from '../conversion.types.ts';

/** A run of text as pdf.js gives it: `transform` is the matrix [a b c d e f] of its place. */
export interface TextRun {
  readonly str: string;
  readonly transform: readonly unknown[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

interface Line {
  text: string;
  readonly size: number;
  /** Place across the direction of writing, and along it. */
  readonly across: number;
  readonly along: number;
}

interface Place {
  readonly size: number;
  readonly across: number;
  readonly along: number;
}

/** A heading is larger than the text by so much, and short. */
const HEADING_RATIO = 1.15;
const MAX_HEADING = 200;
/** Lines further apart than so many times their size belong to two paragraphs. */
const PARAGRAPH_GAP = 1.75;
/** Runs further apart than this share of their size have a space between them. */
const SPACE = 0.15;
/** Sizes of headings that are told apart. */
const LEVELS = 6;

/** Puts the runs of pages together to lines and paragraphs, in the order of the page's content. One for each document. */
export class PageLines {
  /** Characters by size of their font, over the pages so far: the size that most have is that of the text. */
  readonly #sizes = new Map<number, number>();
  readonly #headingSizes = new Set<number>();

  blocks(runs: readonly TextRun[]): ReadBlock[] {
    const lines = linesOf(runs);
    for (const { size, text } of lines) this.#sizes.set(round(size), (this.#sizes.get(round(size)) ?? 0) + text.length);
    const body = this.#bodySize();
    return paragraphsOf(lines).flatMap((group) => {
      const text = joined(group);
      const size = round(group[0]?.size ?? body);
      return text === '' ? [] : [this.#block(text, size, body)];
    });
  }

  #block(text: string, size: number, body: number): ReadBlock {
    const heading = size >= body * HEADING_RATIO && text.length <= MAX_HEADING && /\p{L}/u.test(text);
    return heading ? { kind: 'heading', text, level: this.#level(size) } : { kind: 'paragraph', text };
  }

  #bodySize(): number {
    let [body, most] = [0, 0];
    for (const [size, characters] of this.#sizes) if (characters > most) [body, most] = [size, characters];
    return body;
  }

  /** The larger, the higher; sizes that turn up later fit in among those before them. */
  #level(size: number): number {
    this.#headingSizes.add(size);
    const larger = [...this.#headingSizes].filter((other) => other > size).length;
    return Math.min(LEVELS, larger + 1);
  }
}

function round(size: number): number {
  return Math.round(size * 2) / 2;
}

function placeOf({ transform, height }: TextRun): Place {
  const at = (i: number): number => Number(transform[i] ?? 0);
  const [a, b, e, f] = [at(0), at(1), at(4), at(5)];
  const length = Math.hypot(a, b) || 1;
  const size = Math.hypot(at(2), at(3)) || height || 1;
  // Rotated text is measured in its own direction.
  return { size, across: (a * f - b * e) / length, along: (a * e + b * f) / length };
}

function linesOf(runs: readonly TextRun[]): Line[] {
  const lines: Line[] = [];
  let open: Line | undefined;
  let end = 0;
  for (const run of runs) {
    const place = placeOf(run);
    if (open !== undefined && Math.abs(place.across - open.across) > Math.max(open.size, place.size) * 0.6) open = undefined;
    if (run.str !== '') {
      if (open === undefined) lines.push((open = { text: run.str, ...place }));
      else open.text += gap(open.text, run.str, (place.along - end) / place.size) + run.str;
      end = place.along + run.width;
    }
    if (run.hasEOL) open = undefined;
  }
  return lines.filter(({ text }) => text.trim() !== '');
}

function gap(before: string, after: string, distance: number): string {
  return distance > SPACE && !/\s$/u.test(before) && !/^\s/u.test(after) ? ' ' : '';
}

function paragraphsOf(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group !== undefined && before !== undefined && belongs(before, line)) group.push(line);
    else groups.push([line]);
  }
  return groups;
}

function belongs(before: Line, line: Line): boolean {
  const down = before.across - line.across;
  const sameSize = Math.abs(round(before.size) - round(line.size)) < 0.75;
  return sameSize && down >= -before.size * 0.6 && down <= Math.max(before.size, line.size) * PARAGRAPH_GAP;
}

/** Lines as running text; a word that was divided at the end of a line is put together. */
function joined(lines: readonly Line[]): string {
  let text = '';
  for (const line of lines) {
    const next = line.text.trim().replaceAll(/\s+/gu, ' ');
    if (/\p{Ll}[-\u00ad]$/u.test(text) && /^\p{Ll}/u.test(next)) text = text.slice(0, -1) + next;
    else text += text === '' ? next : ` ${next}`;
  }
  return text;
}
