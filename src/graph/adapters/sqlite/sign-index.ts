/*
 * Header of the memory, in 32-bit words. Only the one who builds writes it, but for the last two: what readers noticed.
 */
const CAPACITY = 0;
const DIMENSIONS = 1;
const COUNT = 2;
const DEAD = 3;
const LAST_KEY = 4;
const VERSION = 5;
const TARGET = 6;
const SEEN_VERSION = 7;
const SEEN_LAG = 8;
const HEADER = 16;

/** Index versions begin at 0, so this is none: the index is being filled for the first time. */
const UNFINISHED = -1;

/**
 * A flat 1-bit index in memory that threads share: of each vector only the signs are kept, 32 dimensions a word (as in "binary
 * quantisation with rescoring", e.g. Yamada et al., "Efficient Passage Retrieval with Hashing", ACL 2021). Memory: dimensions / 8 + 4 bytes a
 * row, and a row a vector.
 *
 * The rows of a key stand together: first its own vector, then those of its parts. Keys only rise, so a key is found by bisection and
 * one that is removed leaves rows behind that count no more. There is one thread at a time that adds and removes, and any number that
 * search meanwhile: they see the rows up to the count they have read.
 */
export class SignIndex {
  readonly memory: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #keys: Int32Array;
  readonly #signs: Int32Array;
  readonly #words: number;

  /** @param memory of an index that `make` made, here or in another thread */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#header = new Int32Array(memory, 0, HEADER);
    const capacity = this.#header[CAPACITY] ?? 0;
    this.#words = wordsOf(this.dimensions);
    this.#keys = new Int32Array(memory, HEADER * 4, capacity);
    this.#signs = new Int32Array(memory, (HEADER + capacity) * 4, capacity * this.#words);
  }

  /** An empty, unfinished index with room for `capacity` rows. */
  static make(dimensions: number, capacity: number): SignIndex {
    const memory = new SharedArrayBuffer((HEADER + capacity * (1 + wordsOf(dimensions))) * 4);
    const header = new Int32Array(memory, 0, HEADER);
    header[CAPACITY] = capacity;
    header[DIMENSIONS] = dimensions;
    header[VERSION] = UNFINISHED;
    return new SignIndex(memory);
  }

  get dimensions(): number {
    return this.#header[DIMENSIONS] ?? 0;
  }

  /** Rows that are in use, those of removed keys among them. */
  get rows(): number {
    return Atomics.load(this.#header, COUNT);
  }

  /** Rows of removed keys. */
  get dead(): number {
    return Atomics.load(this.#header, DEAD);
  }

  /** The greatest key that was ever added. */
  get lastKey(): number {
    return Atomics.load(this.#header, LAST_KEY);
  }

  /** What is in the index is at least what this version of the workspace shows; nothing while it is being filled for the first time. */
  get version(): number | undefined {
    const version = Atomics.load(this.#header, VERSION);
    return version === UNFINISHED ? undefined : version;
  }

  /** The version that will be reached when what was begun is done. */
  get target(): number {
    return Atomics.load(this.#header, TARGET);
  }

  set target(version: number) {
    Atomics.store(this.#header, TARGET, version);
  }

  /** How many keys a reader found missing or too many, if it found a newer version; 0 when the index is as new as any reader knows. */
  get lag(): number {
    return Atomics.load(this.#header, SEEN_VERSION) > Atomics.load(this.#header, VERSION) ? Atomics.load(this.#header, SEEN_LAG) : 0;
  }

  /** Says that the target is reached. */
  finish(): void {
    Atomics.store(this.#header, VERSION, this.target);
  }

  /** For a reader: the workspace is at `version` already, which differs by `lag` keys. */
  noteLag(version: number, lag: number): void {
    if (version < Atomics.load(this.#header, SEEN_VERSION)) return;
    Atomics.store(this.#header, SEEN_LAG, Math.max(1, lag));
    Atomics.store(this.#header, SEEN_VERSION, version);
  }

  /** Whether so many more rows have room. */
  fits(rows: number): boolean {
    return this.rows + rows <= this.#keys.length;
  }

  /** Adds a key above all others with its vectors: its own and those of its parts. */
  add(key: number, vectors: readonly ArrayLike<number>[]): void {
    const first = this.rows;
    for (const [i, vector] of vectors.entries()) {
      this.#keys[first + i] = key;
      this.#signs.set(signsOf(vector), (first + i) * this.#words);
    }
    Atomics.store(this.#header, LAST_KEY, key);
    Atomics.store(this.#header, COUNT, first + vectors.length);
  }

  has(key: number): boolean {
    return this.#keys[this.#firstRow(key)] === key;
  }

  remove(key: number): void {
    const end = this.rows;
    let row = this.#firstRow(key);
    for (; row < end && this.#keys[row] === key; row += 1) {
      this.#keys[row] = -key;
      Atomics.add(this.#header, DEAD, 1);
    }
  }

  /** The same without the rows of removed keys, with room for `capacity` rows, at least as many as there are. */
  copy(capacity: number): SignIndex {
    const end = this.rows;
    const made = SignIndex.make(this.dimensions, Math.max(capacity, end - this.dead));
    let to = 0;
    for (let row = 0; row < end; row += 1) {
      const key = this.#keys[row] ?? 0;
      if (key < 0) continue;
      made.#keys[to] = key;
      for (let i = 0; i < this.#words; i += 1) made.#signs[to * this.#words + i] = this.#signs[row * this.#words + i] ?? 0;
      to += 1;
    }
    for (const field of [LAST_KEY, VERSION, TARGET]) made.#header[field] = this.#header[field] ?? 0;
    Atomics.store(made.#header, COUNT, to);
    return made;
  }

  /** The key of a row, below 0 when it is removed. */
  keyAt(row: number): number {
    return at(this.#keys, row);
  }

  /** The row behind the last one of the key whose rows begin here, among the first `end`. */
  endOf(row: number, end: number): number {
    const key = Math.abs(at(this.#keys, row));
    let next = row + 1;
    while (next < end && Math.abs(at(this.#keys, next)) === key) next += 1;
    return next;
  }

  /**
   * Signs that differ, counted in parallel within words (H. S. Warren, "Hacker's Delight", section 5-1), three words at a time.
   * @param asked a vector's signs, from `signsOf`
   */
  distance(asked: Int32Array, row: number): number {
    const base = row * this.#words;
    const whole = this.#words - (this.#words % 3);
    let sum = 0;
    for (let i = 0; i < whole; i += 3) {
      const a = nibbles(at(this.#signs, base + i) ^ at(asked, i));
      const b = nibbles(at(this.#signs, base + i + 1) ^ at(asked, i + 1));
      const c = nibbles(at(this.#signs, base + i + 2) ^ at(asked, i + 2));
      sum += total(a + b + c);
    }
    for (let i = whole; i < this.#words; i += 1) sum += total(nibbles(at(this.#signs, base + i) ^ at(asked, i)));
    return sum;
  }

  /** What `weightsOf` gives a vector's components, summed over the signs of a row. */
  weight(weights: Float64Array, row: number): number {
    const base = row * this.#words;
    let sum = 0;
    for (let i = 0; i < this.#words; i += 1) {
      const word = at(this.#signs, base + i);
      const table = i * 4 * 256;
      sum += atFloat(weights, table + (word & 255)) + atFloat(weights, table + 256 + ((word >>> 8) & 255));
      sum += atFloat(weights, table + 512 + ((word >>> 16) & 255)) + atFloat(weights, table + 768 + (word >>> 24));
    }
    return sum;
  }

  /** The row at which a key that is not removed begins, or would stand. */
  #firstRow(key: number): number {
    let low = 0;
    let high = this.rows;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Math.abs(this.#keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function at(list: Int32Array, index: number): number {
  return list[index] ?? 0;
}

function atFloat(list: Float64Array, index: number): number {
  return list[index] ?? 0;
}

function wordsOf(dimensions: number): number {
  return Math.ceil(dimensions / 32);
}

/** The signs of a vector, 32 a word. */
export function signsOf(vector: ArrayLike<number>): Int32Array {
  const signs = new Int32Array(wordsOf(vector.length));
  for (let i = 0; i < vector.length; i += 1) {
    if ((vector[i] ?? 0) > 0) signs[i >> 5] = (signs[i >> 5] ?? 0) | (1 << (i & 31));
  }
  return signs;
}

/** For each eight dimensions and each of their 256 patterns of signs the sum of the components whose signs are set. */
export function weightsOf(vector: Float32Array): Float64Array {
  const weights = new Float64Array(wordsOf(vector.length) * 4 * 256);
  for (let table = 0; table * 256 < weights.length; table += 1) {
    for (let pattern = 1; pattern < 256; pattern += 1) {
      const lowest = 31 - Math.clz32(pattern & -pattern);
      weights[table * 256 + pattern] = atFloat(weights, table * 256 + (pattern & (pattern - 1))) + (vector[table * 8 + lowest] ?? 0);
    }
  }
  return weights;
}

/** Of each four bits how many are set. */
function nibbles(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
}

/** The sum of eight counts, each below 16. */
function total(value: number): number {
  return Math.imul((value & 0x0f0f0f0f) + ((value >>> 4) & 0x0f0f0f0f), 0x01010101) >>> 24;
}
