/** No vector is that far: the distance of those outside the question's scope. */
const OUTSIDE = 0xffff;

/**
 * A flat 1-bit index: of each vector only the signs are kept, 32 dimensions a word; the nearest by Hamming distance are candidates
 * whose exact cosines are computed from the stored floats (as in "binary quantisation with rescoring", e.g. A. Yates et al.,
 * "Binary Passage Retriever", ACL 2021). Memory: dimensions / 8 + 4 bytes a vector.
 */
export class SignIndex {
  readonly #words: number;
  #keys = new Int32Array(1024);
  #signs: Int32Array;
  #count = 0;
  readonly #rows = new Map<number, number>();

  constructor(dimensions: number) {
    this.#words = Math.ceil(dimensions / 32);
    this.#signs = new Int32Array(1024 * this.#words);
  }

  get size(): number {
    return this.#count;
  }

  add(key: number, vector: Float32Array): void {
    if (this.#rows.has(key)) return;
    if (this.#count === this.#keys.length) this.#grow();
    this.#keys[this.#count] = key;
    this.#signs.set(signsOf(vector), this.#count * this.#words);
    this.#rows.set(key, this.#count);
    this.#count += 1;
  }

  /** The last row takes the place of the removed one. */
  remove(key: number): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    const last = this.#count - 1;
    const lastKey = this.#keys[last] ?? 0;
    this.#keys[row] = lastKey;
    this.#signs.copyWithin(row * this.#words, last * this.#words, (last + 1) * this.#words);
    this.#rows.set(lastKey, row);
    this.#rows.delete(key);
    this.#count = last;
  }

  /** Keys of at least `count` nearest vectors by Hamming distance (more on a tie at the end), among those `accept` takes. */
  nearest(vector: Float32Array, count: number, accept?: (key: number) => boolean): number[] {
    const distances = this.#distances(signsOf(vector), accept);
    const limit = cutOff(distances, count);
    return Array.from(this.#keys.subarray(0, this.#count)).filter((_, row) => (distances[row] ?? OUTSIDE) <= limit);
  }

  #distances(asked: Int32Array, accept: ((key: number) => boolean) | undefined): Uint16Array {
    const distances = new Uint16Array(this.#count).fill(OUTSIDE);
    for (let row = 0; row < this.#count; row += 1) {
      if (accept === undefined || accept(this.#keys[row] ?? 0)) distances[row] = this.#distance(asked, row);
    }
    return distances;
  }

  #distance(asked: Int32Array, row: number): number {
    let sum = 0;
    const base = row * this.#words;
    for (let i = 0; i < this.#words; i += 1) sum += bits((this.#signs[base + i] ?? 0) ^ (asked[i] ?? 0));
    return sum;
  }

  #grow(): void {
    const keys = new Int32Array(this.#keys.length * 2);
    keys.set(this.#keys);
    const signs = new Int32Array(this.#signs.length * 2);
    signs.set(this.#signs);
    this.#keys = keys;
    this.#signs = signs;
  }
}

function signsOf(vector: Float32Array): Int32Array {
  const signs = new Int32Array(Math.ceil(vector.length / 32));
  for (const [i, value] of vector.entries()) {
    if (value > 0) signs[i >> 5] = (signs[i >> 5] ?? 0) | (1 << (i & 31));
  }
  return signs;
}

/** Bits set in a 32-bit integer (H. S. Warren, "Hacker's Delight", figure 5-2). */
function bits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The smallest distance within which at least `count` vectors lie; if there are fewer, the largest there is. */
function cutOff(distances: Uint16Array, count: number): number {
  const histogram = new Int32Array(OUTSIDE + 1);
  for (const distance of distances) histogram[distance] = (histogram[distance] ?? 0) + 1;
  let sum = 0;
  for (let distance = 0; distance < OUTSIDE; distance += 1) {
    sum += histogram[distance] ?? 0;
    if (sum >= count) return distance;
  }
  return OUTSIDE - 1;
}
