/** A piece of a model's answer: plain text, or the numbers of one group of markers. */
export type MarkerPiece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'markers'; readonly lead: string; readonly numbers: readonly number[] };

/** A group of markers, with the white space before it: `[1]`, `[1, 2]`. */
const GROUP = /^([ \t]*)\[(\d{1,4}(?:[ \t]*[,;][ \t]*\d{1,4})*)\]/;
/** What may still become one. */
const BEGINNING = /^[ \t]*(?:\[(?:\d{1,4}[ \t]*[,;]?[ \t]*)*)?$/;
const CANDIDATE = /[ \t]*\[|[ \t]+$/;
/** A group longer than this is none. */
const LONGEST = 80;

/**
 * Finds markers in a text that comes in parts, also when one is split over parts. What may still become a marker is held back, and
 * no more than that.
 */
export class MarkerStream {
  #held = '';

  /** Takes the next part of the text and gives back what is certain. */
  push(text: string): MarkerPiece[] {
    this.#held += text;
    const out: MarkerPiece[] = [];
    for (let piece = this.#next(); piece !== undefined; piece = this.#next()) out.push(piece);
    return out;
  }

  /** The text has ended: what was held back is text. */
  end(): MarkerPiece[] {
    const text = this.#held;
    this.#held = '';
    return text === '' ? [] : [{ kind: 'text', text }];
  }

  #next(): MarkerPiece | undefined {
    const at = this.#held.search(CANDIDATE);
    if (at === -1) return this.#text(this.#held.length);
    if (at > 0) return this.#text(at);
    const group = GROUP.exec(this.#held);
    if (group !== null) return this.#markers(group);
    if (this.#held.length <= LONGEST && BEGINNING.test(this.#held)) return undefined;
    return this.#text(this.#held.indexOf('[') + 1);
  }

  #text(length: number): MarkerPiece | undefined {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return text === '' ? undefined : { kind: 'text', text };
  }

  #markers([whole, lead = '', numbers = '']: RegExpExecArray): MarkerPiece {
    this.#held = this.#held.slice(whole.length);
    return { kind: 'markers', lead, numbers: numbers.split(/[,;]/).map(Number) };
  }
}
