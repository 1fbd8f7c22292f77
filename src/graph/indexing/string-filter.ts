/** Bits an entry: with four probes some two in a hundred of those that are not in it are let through. */
const BITS_PER_ENTRY = 10;
const PROBES = 4;
const LEAST = 1 << 16;

/** A set of strings that may take one for its own that is not, but never the other way (B. H. Bloom, CACM 13(7), 1970). */
export class StringFilter {
  readonly #bits: Uint8Array;
  readonly #mask: number;
  readonly #capacity: number;
  #count = 0;

  /** @param entries how many it has room for */
  constructor(entries: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(LEAST, entries * BITS_PER_ENTRY)));
    this.#bits = new Uint8Array(size / 8);
    this.#mask = size - 1;
    this.#capacity = size / BITS_PER_ENTRY;
  }

  /** Whether more were added than it has room for: then it lets too much through. */
  get isFull(): boolean {
    return this.#count > this.#capacity;
  }

  add(text: string): void {
    this.#count += 1;
    let hash = first(text);
    const step = second(hash);
    for (let i = 0; i < PROBES; i += 1) {
      const bit = hash & this.#mask;
      this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
      hash = (hash + step) | 0;
    }
  }

  mayHave(text: string): boolean {
    let hash = first(text);
    const step = second(hash);
    for (let i = 0; i < PROBES; i += 1) {
      const bit = hash & this.#mask;
      if (((this.#bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
      hash = (hash + step) | 0;
    }
    return true;
  }
}

/** FNV-1a over UTF-16 units (G. Fowler et al.), its bits mixed at the end. */
function first(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

function second(hash: number): number {
  return mixed(hash ^ 0x5bd1e995) | 1;
}

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
