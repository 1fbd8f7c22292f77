import fc from 'fast-check';
import { fakeVectors } from '../../../../test/fakes/fake-vectors.ts';
import { componentsOf, packVectors } from './quantised-vectors.ts';
import { SignIndex } from './sign-index.ts';
import { nearestKeys } from './sign-search.ts';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};
const any = (): boolean => true;
const near = (index: SignIndex, vector: Float32Array, count: number, accept: (key: number) => boolean = any): number[] => nearestKeys([{ index, accept }], vector, count).sort((a, b) => a - b);

/** An index of vectors under the keys 1, 2, 3 and so on. */
function filled(vectors: readonly Float32Array[], dimensions: number): SignIndex {
  const index = SignIndex.make(dimensions, vectors.length);
  for (const [i, vector] of vectors.entries()) index.add(i + 1, [vector]);
  return index;
}

describe('SignIndex', () => {
  it('holds 99 % of the true nearest ten among 200 candidates', () => {
    const vectors = fakeVectors(5000, 384);
    const index = filled(vectors, 384);
    let found = 0;
    for (let query = 0; query < 50; query += 1) {
      const asked = vectors[query * 97] ?? new Float32Array(384);
      const exact = vectors.map((vector, i) => ({ key: i + 1, score: dot(asked, vector) })).sort((a, b) => b.score - a.score).slice(0, 10);
      const candidates = new Set(near(index, asked, 200));
      found += exact.filter(({ key }) => candidates.has(key)).length;
    }
    expect(found / 500).toBeGreaterThanOrEqual(0.99);
  });

  it('holds 99 % of the true nearest ten by passage and best sentence', () => {
    const vectors = fakeVectors(6000, 384);
    // Twenty vectors on is the next one of the same cluster: a passage and its sentences are of one matter.
    const of = (i: number, part: number): Float32Array => vectors[Math.floor(i / 20) * 80 + part * 20 + (i % 20)] ?? new Float32Array(384);
    const passages = Array.from({ length: 1500 }, (_, i) => ({ own: of(i, 0), parts: [of(i, 1), of(i, 2), of(i, 3)].slice(0, i % 4) }));
    const index = SignIndex.make(384, 6000);
    for (const [i, { own, parts }] of passages.entries()) {
      const packed = packVectors(Float32Array.from(parts.flatMap((part) => [...part])), 384);
      index.add(i + 1, [own, ...componentsOf(packed, 384)]);
    }
    let found = 0;
    for (let query = 0; query < 50; query += 1) {
      const asked = vectors[query * 83] ?? new Float32Array(384);
      const score = ({ own, parts }: (typeof passages)[number]): number => dot(asked, own) + (parts.length === 0 ? dot(asked, own) : Math.max(...parts.map((part) => dot(asked, part))));
      const exact = passages.map((passage, i) => ({ key: i + 1, score: score(passage) })).sort((a, b) => b.score - a.score).slice(0, 10);
      const candidates = new Set(near(index, asked, 200));
      found += exact.filter(({ key }) => candidates.has(key)).length;
    }
    expect(found / 500).toBeGreaterThanOrEqual(0.99);
  });

  it('counts the signs that differ, whatever the number of dimensions', () => {
    const vector = fc.array(fc.constantFrom(-1, 1), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(vector, fc.infiniteStream(fc.boolean()), (values, flips) => {
        const asked = Float32Array.from(values);
        const other = asked.map((value) => (flips.next().value === true ? -value : value));
        const differing = asked.reduce((sum, value, i) => sum + Number(value !== other[i]), 0);
        const index = SignIndex.make(asked.length, 1);
        index.add(1, [other]);
        // As near as one of which exactly the first so many signs differ.
        const rival = asked.map((value, i) => (i < differing ? -value : value));
        const both = SignIndex.make(asked.length, 2);
        both.add(1, [other]);
        both.add(2, [rival]);
        expect(near(both, asked, 1)).toEqual([1, 2]);
        expect(near(index, asked, 1)).toEqual([1]);
      }),
    );
  });

  it('finds a passage by a sentence though its own vector is far', () => {
    const index = SignIndex.make(4, 10);
    index.add(1, [[1, 1, -1, -1]]);
    index.add(2, [[1, -1, -1, -1], [-1, -1, -1, -1], [1, 1, 1, 1]]);
    expect(near(index, Float32Array.of(1, 1, 1, 1), 1)).toEqual([2]);
  });

  it('forgets keys, clears their rows away, and knows what it held', () => {
    const vectors = fakeVectors(3000, 40);
    const index = filled(vectors, 40);
    for (let key = 2; key <= 3000; key += 2) index.remove(key);
    index.remove(999_999);
    index.remove(2);
    expect([index.rows, index.dead, index.fits(1)]).toEqual([3000, 1500, false]);
    const cleared = index.copy(1600);
    for (const each of [index, cleared]) {
      expect(near(each, vectors[0] ?? new Float32Array(40), 5000)).toEqual(Array.from({ length: 1500 }, (_, i) => 2 * i + 1));
      expect(near(each, vectors[2] ?? new Float32Array(40), 1)).toContain(3);
      expect([each.has(3), each.has(4), each.lastKey]).toEqual([true, false, 3000]);
    }
    expect([cleared.rows, cleared.dead, cleared.fits(100), cleared.fits(101)]).toEqual([1500, 0, true, false]);
  });

  it('looks only at what it may, over several indexes', () => {
    const vectors = fakeVectors(100, 64);
    const index = filled(vectors, 64);
    const other = SignIndex.make(64, 1);
    const asked = vectors[3] ?? new Float32Array(64);
    other.add(200, [asked]);
    expect(near(index, asked, 200, (key) => key > 90)).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
    expect(near(index, asked, 10, () => false)).toEqual([]);
    expect(near(SignIndex.make(64, 8), asked, 10)).toEqual([]);
    expect(nearestKeys([{ index, accept: (key) => key !== 4 }, { index: other, accept: any }], asked, 1)).toEqual([200]);
  });

  it('tells how far readers found it behind, until it has caught up', () => {
    const index = SignIndex.make(8, 4);
    expect([index.version, index.lag]).toEqual([undefined, 0]);
    index.target = 3;
    index.finish();
    const seenByAnother = new SignIndex(index.memory);
    expect([seenByAnother.version, seenByAnother.lag]).toEqual([3, 0]);
    seenByAnother.noteLag(5, 40);
    seenByAnother.noteLag(4, 7);
    expect(index.lag).toBe(40);
    index.target = 5;
    index.finish();
    expect(seenByAnother.lag).toBe(0);
  });
});
