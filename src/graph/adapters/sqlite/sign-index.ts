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

  /** Estimates how far each key is: its own vector plus its nearest part, its own again if it has none. */
  estimate(asked: Int32Array, accept: (key: number) => boolean): Estimates {
    const end = this.rows;
    const found = new Estimates(end);
    const far = farness(this.dimensions);
    let own = 0;
    while (own < end) {
      const key = at(this.#keys, own);
      let next = own + 1;
      while (next < end && this.#keys[next] === key) next += 1;
      if (key > 0 && accept(key)) found.push(key, this.#far(asked, far, own, next));
      own = next;
    }
    return found;
  }

  #far(asked: Int32Array, far: Int32Array, own: number, end: number): number {
    const distance = at(far, this.#distance(asked, own));
    if (own + 1 === end) return 2 * distance;
    let least = this.#distance(asked, own + 1);
    for (let row = own + 2; row < end; row += 1) least = Math.min(least, this.#distance(asked, row));
    return distance + at(far, least);
  }

  /** Signs that differ, counted in parallel within words (H. S. Warren, "Hacker's Delight", section 5-1), three words at a time. */
  #distance(asked: Int32Array, row: number): number {
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

/** What a cosine of -1 counts; 1 counts 0. */
const FARTHEST = 4096;

/**
 * What so many differing signs count. The share of signs that differ estimates the angle between two vectors (M. Charikar, "Similarity
 * Estimation Techniques from Rounding Algorithms", STOC 2002); it is cosines that are added up.
 */
function farness(dimensions: number): Int32Array {
  return Int32Array.from({ length: dimensions + 1 }, (_, differing) => Math.round((FARTHEST * (1 - Math.cos((Math.PI * differing) / dimensions))) / 2));
}

/** Keys with how far they are by estimate. */
class Estimates {
  readonly keys: Int32Array;
  readonly distances: Int32Array;
  count = 0;

  constructor(capacity: number) {
    this.keys = new Int32Array(capacity);
    this.distances = new Int32Array(capacity);
  }

  push(key: number, distance: number): void {
    this.keys[this.count] = key;
    this.distances[this.count] = distance;
    this.count += 1;
  }

  within(limit: number): number[] {
    const near: number[] = [];
    for (let i = 0; i < this.count; i += 1) if ((this.distances[i] ?? 0) <= limit) near.push(this.keys[i] ?? 0);
    return near;
  }
}

/** An index to search, and which of its keys count. */
export interface SignSearch {
  readonly index: SignIndex;
  readonly accept: (key: number) => boolean;
}

/** Keys of at least `count` nearest by estimate (more on a tie at the end) over several indexes that have no key in common. */
export function nearestKeys(searches: readonly SignSearch[], vector: Float32Array, count: number): number[] {
  const asked = signsOf(vector);
  const estimates = searches.map(({ index, accept }) => index.estimate(asked, accept));
  const limit = cutOff(estimates, count);
  return estimates.flatMap((each) => each.within(limit));
}

function at(list: Int32Array, index: number): number {
  return list[index] ?? 0;
}

function wordsOf(dimensions: number): number {
  return Math.ceil(dimensions / 32);
}

function signsOf(vector: ArrayLike<number>): Int32Array {
  const signs = new Int32Array(wordsOf(vector.length));
  for (let i = 0; i < vector.length; i += 1) {
    if ((vector[i] ?? 0) > 0) signs[i >> 5] = (signs[i >> 5] ?? 0) | (1 << (i & 31));
  }
  return signs;
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

/** The least estimate within which at least `count` keys lie; if there are fewer, the greatest there can be. */
function cutOff(estimates: readonly Estimates[], count: number): number {
  const histogram = new Int32Array(2 * FARTHEST + 1);
  for (const { distances, count: size } of estimates) {
    for (let i = 0; i < size; i += 1) {
      const distance = distances[i] ?? 0;
      histogram[distance] = (histogram[distance] ?? 0) + 1;
    }
  }
  let sum = 0;
  for (let distance = 0; distance < histogram.length; distance += 1) {
    sum += histogram[distance] ?? 0;
    if (sum >= count) return distance;
  }
  return histogram.length;
}
