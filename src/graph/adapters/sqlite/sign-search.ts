import { type SignIndex, signsOf, weightsOf } from './sign-index.ts';

/** An index to search, and which of its keys count. */
export interface SignSearch {
  readonly index: SignIndex;
  readonly accept: (key: number) => boolean;
}

/** What a cosine of -1 counts; 1 counts 0. */
const FARTHEST = 4096;
/** So many times the keys wanted are compared a second time. */
const FINALISTS = 4;

/**
 * Keys of at least `count` nearest by estimate (more on a tie at the end) over several indexes that have no key in common. A key counts
 * its own vector and its nearest part, its own again if it has none.
 *
 * Two rounds. All are compared by signs alone: the share that differ estimates the angle (M. Charikar, "Similarity Estimation Techniques
 * from Rounding Algorithms", STOC 2002), and its cosine is what counts. The best are compared by the question's components, summed over
 * the signs of the row, which loses what was rounded on one side only (asymmetric distances, as in H. Jegou et al., "Product Quantization for
 * Nearest Neighbor Search", PAMI 2011).
 */
export function nearestKeys(searches: readonly SignSearch[], vector: Float32Array, count: number): number[] {
  const asked = signsOf(vector);
  const far = farness(vector.length);
  const estimates = searches.map((search) => estimate(search, asked, far));
  const limit = cutOff(estimates, count * FINALISTS);
  const weights = weightsOf(vector);
  const finalists = estimates.flatMap((each) => each.within(limit).map((row) => ({ key: Math.abs(each.index.keyAt(row)), weight: weigh(each.index, weights, row) })));
  finalists.sort((a, b) => b.weight - a.weight);
  const least = finalists[count - 1]?.weight ?? Number.NEGATIVE_INFINITY;
  return finalists.filter(({ weight }) => weight >= least).map(({ key }) => key);
}

/** The first rows of keys, with how far each key is. */
class Estimates {
  readonly index: SignIndex;
  readonly rows: Int32Array;
  readonly distances: Int32Array;
  count = 0;

  constructor(index: SignIndex, capacity: number) {
    this.index = index;
    this.rows = new Int32Array(capacity);
    this.distances = new Int32Array(capacity);
  }

  push(row: number, distance: number): void {
    this.rows[this.count] = row;
    this.distances[this.count] = distance;
    this.count += 1;
  }

  within(limit: number): number[] {
    const near: number[] = [];
    for (let i = 0; i < this.count; i += 1) if ((this.distances[i] ?? 0) <= limit) near.push(this.rows[i] ?? 0);
    return near;
  }
}

function estimate({ index, accept }: SignSearch, asked: Int32Array, far: Int32Array): Estimates {
  const end = index.rows;
  const found = new Estimates(index, end);
  let own = 0;
  while (own < end) {
    const next = index.endOf(own, end);
    const key = index.keyAt(own);
    if (key > 0 && accept(key)) found.push(own, farOf(index, asked, far, [own, next]));
    own = next;
  }
  return found;
}

function farOf(index: SignIndex, asked: Int32Array, far: Int32Array, [own, end]: readonly [own: number, end: number]): number {
  const distance = far[index.distance(asked, own)] ?? 0;
  return distance + (own + 1 === end ? distance : (far[nearestRow(index, asked, own + 1, end)] ?? 0));
}

function nearestRow(index: SignIndex, asked: Int32Array, from: number, end: number): number {
  let least = index.distance(asked, from);
  for (let row = from + 1; row < end; row += 1) least = Math.min(least, index.distance(asked, row));
  return least;
}

function weigh(index: SignIndex, weights: Float64Array, own: number): number {
  const weight = index.weight(weights, own);
  const end = index.endOf(own, index.rows);
  if (own + 1 === end) return 2 * weight;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let row = own + 1; row < end; row += 1) greatest = Math.max(greatest, index.weight(weights, row));
  return weight + greatest;
}

/** What so many differing signs count. */
function farness(dimensions: number): Int32Array {
  return Int32Array.from({ length: dimensions + 1 }, (_, differing) => Math.round((FARTHEST * (1 - Math.cos((Math.PI * differing) / dimensions))) / 2));
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
