import { SignIndex } from './sign-index.ts';

/** A generator of numbers in [-1, 1) that gives the same ones each run (Park and Miller, 1988). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  };
}

/** Unit vectors in clusters, as embeddings come. */
function clustered(count: number, dimensions: number): Float32Array[] {
  const next = numbers(7);
  const centres = Array.from({ length: 20 }, () => Array.from({ length: dimensions }, next));
  return Array.from({ length: count }, (_, i) => {
    const raw = (centres[i % 20] ?? []).map((value) => value + next() * 0.8);
    const length = Math.hypot(...raw);
    return Float32Array.from(raw, (value) => value / length);
  });
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe('SignIndex', () => {
  it('holds 99 % of the true nearest ten among 200 candidates', () => {
    const vectors = clustered(5000, 384);
    const index = new SignIndex(384);
    for (const [key, vector] of vectors.entries()) index.add(key, vector);
    let found = 0;
    for (let query = 0; query < 50; query += 1) {
      const asked = vectors[query * 97] ?? new Float32Array(384);
      const exact = vectors.map((vector, key) => ({ key, score: dot(asked, vector) })).sort((a, b) => b.score - a.score).slice(0, 10);
      const candidates = new Set(index.nearest(asked, 200));
      found += exact.filter(({ key }) => candidates.has(key)).length;
    }
    expect(found / 500).toBeGreaterThanOrEqual(0.99);
  });

  it('forgets and takes in again', () => {
    const vectors = clustered(3000, 40);
    const index = new SignIndex(40);
    for (const [key, vector] of vectors.entries()) index.add(key, vector);
    for (let key = 0; key < 3000; key += 2) index.remove(key);
    index.remove(999_999);
    expect(index.size).toBe(1500);
    expect(index.nearest(vectors[0] ?? new Float32Array(40), 5000).every((key) => key % 2 === 1)).toBe(true);
    expect(index.nearest(vectors[1] ?? new Float32Array(40), 1)).toContain(1);
    index.add(0, vectors[0] ?? new Float32Array(40));
    expect(index.nearest(vectors[0] ?? new Float32Array(40), 1)).toContain(0);
  });

  it('looks only at what it may', () => {
    const vectors = clustered(100, 64);
    const index = new SignIndex(64);
    for (const [key, vector] of vectors.entries()) index.add(key, vector);
    const asked = vectors[3] ?? new Float32Array(64);
    expect(index.nearest(asked, 200, (key) => key >= 90).sort((a, b) => a - b)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
    expect(index.nearest(asked, 10, () => false)).toEqual([]);
    expect(new SignIndex(64).nearest(asked, 10)).toEqual([]);
  });
});
