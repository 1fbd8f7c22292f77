import fc from 'fast-check';
import { normalise } from '../../../embedding/unit-vector.ts';
import { componentsOf, greatestDot, packVectors } from './quantised-vectors.ts';
import { fakeVectors } from '../../../../test/fakes/fake-vectors.ts';

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

function concatenated(vectors: readonly Float32Array[], dimensions: number): Float32Array {
  const all = new Float32Array(vectors.length * dimensions);
  for (const [i, vector] of vectors.entries()) all.set(vector, i * dimensions);
  return all;
}

describe('Quantised vectors', () => {
  it('keep the cosines of embeddings within 0.005', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom(64, 256, 384, 1536), (seed, count, dimensions) => {
        const [asked = new Float32Array(), ...vectors] = fakeVectors(count + 1, dimensions, seed);
        const packed = packVectors(concatenated(vectors, dimensions), dimensions);
        expect(packed).toHaveLength(count * (dimensions + 4));
        const exact = Math.max(...vectors.map((vector) => dot(asked, vector)));
        expect(Math.abs(greatestDot(asked, packed) - exact)).toBeLessThan(0.005);
      }),
      { numRuns: 200 },
    );
  });

  it('keep any cosine within the bound that follows from the greatest component', () => {
    const component = fc.float({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }).chain((length) => fc.tuple(fc.array(component, { minLength: length, maxLength: length }), fc.array(component, { minLength: length, maxLength: length }))), ([a, b]) => {
        const [asked, vector] = [Float32Array.from(a), Float32Array.from(b)];
        fc.pre(normalise(asked) && normalise(vector));
        const greatest = Math.max(...vector.map(Math.abs));
        const bound = (greatest / 254) * Math.sqrt(vector.length) + 1e-6;
        expect(Math.abs(greatestDot(asked, packVectors(vector, vector.length)) - dot(asked, vector))).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it('keep signs, take a vector of zeros, and none', () => {
    const packed = packVectors(Float32Array.of(0.6, -0.8, 0, 0, -1, 0), 2);
    expect(componentsOf(packed, 2).map((each) => [...each].map(Math.sign))).toEqual([[1, -1], [0, 0], [-1, 0]]);
    expect(greatestDot(Float32Array.of(0, 1), packed)).toBe(0);
    expect(greatestDot(Float32Array.of(0, 1), packVectors(new Float32Array(), 2))).toBe(Number.NEGATIVE_INFINITY);
  });
});
