import { MAX_NAME_WORDS } from '../../common/text/names.ts';
import { StringFilter } from './string-filter.ts';

/** What may be a name of one word, and of any number of words. */
const ONE_WORD = 1;
const ANY_LENGTH = -1;

/**
 * A set of names, with the first two words of longer ones, that may take a text for a name that is none, but never the other way. Most
 * of what a text asks for is no name, and that is answered without asking a store.
 */
export class NameFilter {
  readonly #entries: StringFilter;

  /** @param names how many it has room for without letting too much through */
  constructor(names: number) {
    // Two entries a name, and room to grow half as much again.
    this.#entries = new StringFilter(names * 3);
  }

  /** Whether more were added than it has room for. */
  get isFull(): boolean {
    return this.#entries.isFull;
  }

  add(norm: string): void {
    const [first = '', second, ...rest] = norm.split(' ');
    if (rest.length + 2 > MAX_NAME_WORDS) return;
    this.#entries.add(norm);
    if (second !== undefined) this.#entries.add(startOf(first, second));
  }

  mayHave(norm: string): boolean {
    return this.#entries.mayHave(norm);
  }

  /** Lengths of the names that may start with these words, as bits; see KnownNames. */
  lengths(first: string, second: string | undefined): number {
    if (second !== undefined && this.#entries.mayHave(startOf(first, second))) return ANY_LENGTH;
    return this.#entries.mayHave(first) ? ONE_WORD : 0;
  }
}

/** Not to be mistaken for a name of these two words. */
function startOf(first: string, second: string): string {
  return `${first} ${second} `;
}
