/** A generator of numbers in [-1, 1) that gives the same ones each run (Park and Miller, 1988). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state / 2_147_483_647) * 2 - 1;
  };
}

const CENTRES = 20;

/** Unit vectors in clusters, as embeddings come; the same ones for the same seed, 1 or more. */
export function fakeVectors(count: number, dimensions: number, seed = 7): Float32Array[] {
  const next = numbers(seed);
  const centres = Array.from({ length: CENTRES }, () => Array.from({ length: dimensions }, next));
  return Array.from({ length: count }, (_, i) => {
    const raw = (centres[i % CENTRES] ?? []).map((value) => value + next() * 0.8);
    const length = Math.hypot(...raw);
    return Float32Array.from(raw, (value) => value / length);
  });
}
