import { fakeVectors } from '../../../../test/fakes/fake-vectors.ts';
import { VectorFile } from '../../../../test/fixtures/vector-file.ts';
import { nextSignStep } from './sign-build.ts';
import { SignIndex } from './sign-index.ts';
import { nearestKeys } from './sign-search.ts';
import { signView } from './sign-view.ts';

const DIMENSIONS = 32;
const VECTORS = fakeVectors(400, DIMENSIONS);
const vector = (key: number): Float32Array => VECTORS[key % 400] ?? new Float32Array(DIMENSIONS);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** Each third passage has two sentences. */
const withVectors = (keys: readonly number[]): Map<number, Float32Array[]> =>
  new Map(keys.map((key) => [key, key % 3 === 0 ? [vector(key), vector(key + 1), vector(key + 2)] : [vector(key)]]));

function advanced(file: VectorFile, memory?: SharedArrayBuffer): SharedArrayBuffer {
  for (let current = memory; ; ) {
    const step = nextSignStep(file.context, current);
    if (step === undefined) throw new Error('there are vectors');
    if (step.done) return step.memory;
    current = step.memory;
  }
}

function keysIn(memory: SharedArrayBuffer): number[] {
  return nearestKeys([{ index: new SignIndex(memory), accept: () => true }], vector(0), 100_000).sort((a, b) => a - b);
}

/** The keys a reader sees that is handed this memory. */
function seen(file: VectorFile, memory: SharedArrayBuffer | undefined): number[] {
  const { shared, changed, beside } = signView(file.readerOf(memory), DIMENSIONS);
  const searches = [...(shared === undefined ? [] : [{ index: shared, accept: (key: number) => !changed.has(key) }]), ...(beside === undefined ? [] : [{ index: beside, accept: () => true }])];
  return nearestKeys(searches, vector(0), 100_000).sort((a, b) => a - b);
}

describe('A shared index of signs', () => {
  let file: VectorFile;
  beforeEach(() => {
    file = new VectorFile(DIMENSIONS);
  });

  it('is none where there are no vectors', () => {
    file.setMeta('dimensions', 0);
    expect(nextSignStep(file.context, undefined)).toBeUndefined();
  });

  it('holds all passages with a vector after as many steps as it takes', () => {
    file.change(new Map([...withVectors(range(1, 5000)), [5001, undefined]]));
    const index = new SignIndex(advanced(file));
    expect(keysIn(index.memory)).toEqual(range(1, 5000));
    expect([index.version, index.rows]).toEqual([1, 5000 + 2 * 1666]);
    expect(seen(file, index.memory)).toEqual(range(1, 5000));
  });

  it('catches up with what came and went, whether or not it has a vector', () => {
    file.change(withVectors(range(1, 10)));
    const memory = advanced(file);
    file.change(new Map(range(11, 900).map((key) => [key, undefined])), [3, 4]);
    file.change(withVectors(range(901, 905)), [7, 11]);
    expect(seen(file, memory)).toEqual([1, 2, 5, 6, 8, 9, 10, 901, 902, 903, 904, 905]);
    expect(new SignIndex(memory).lag).toBe(890 + 5 + 3);
    const later = advanced(file, memory);
    expect(later).toBe(memory);
    expect([seen(file, later), new SignIndex(later).lag]).toEqual([[1, 2, 5, 6, 8, 9, 10, 901, 902, 903, 904, 905], 0]);
  });

  it('moves to larger memory when it is full, and leaves what readers hold as it was', () => {
    file.change(withVectors(range(1, 100)));
    const small = advanced(file);
    file.change(withVectors(range(101, 4000)), [50]);
    const large = advanced(file, small);
    expect(large.byteLength).toBeGreaterThan(small.byteLength);
    expect(seen(file, large)).toEqual(range(1, 4000).filter((key) => key !== 50));
    expect(seen(file, small)).toEqual(seen(file, large));
  });

  it('clears the rows of removed passages away when there are many', () => {
    file.change(withVectors(range(1, 3000)));
    const full = advanced(file);
    file.change(new Map(), range(1, 2000));
    const cleared = new SignIndex(advanced(file, full));
    expect([cleared.dead, cleared.lastKey]).toEqual([0, 3000]);
    expect(cleared.memory.byteLength).toBeLessThan(full.byteLength);
    expect(seen(file, cleared.memory)).toEqual(range(2001, 3000));
    expect(seen(file, full)).toEqual(range(2001, 3000));
  });

  it.each<[string, (file: VectorFile) => void]>([
    ['the change log does not reach back', (each) => { each.setMeta('changes_from', 2); }],
    ['a passage got its vector late', (each) => { each.change(withVectors([5])); }],
  ])('is made anew when %s', (_, happen) => {
    file.change(new Map([...withVectors(range(1, 4)), ...withVectors([6])]));
    const old = advanced(file);
    file.change(withVectors([7]), [2]);
    happen(file);
    const visible = seen(file, undefined);
    expect(seen(file, old)).toEqual(visible);
    const fresh = advanced(file, old);
    expect(fresh).not.toBe(old);
    expect(seen(file, fresh)).toEqual(visible);
    expect(keysIn(fresh)).toEqual(visible);
  });

  it('is made anew for vectors of another length', () => {
    const other = SignIndex.make(DIMENSIONS * 2, 10);
    file.change(withVectors([1, 2]));
    expect(keysIn(advanced(file, other.memory))).toEqual([1, 2]);
  });

  it('gives the same candidates whether it is up to date, lags, or is missing', () => {
    file.change(withVectors(range(1, 200)));
    const old = advanced(file);
    file.change(withVectors(range(201, 390)), range(20, 60));
    const fresh = advanced(file);
    const few = (memory: SharedArrayBuffer | undefined): number[] => {
      const { shared, changed, beside } = signView(file.readerOf(memory), DIMENSIONS);
      const parts = [shared, beside].filter((index) => index !== undefined);
      const searches = parts.map((index) => ({ index, accept: (key: number) => index === beside || !changed.has(key) }));
      return nearestKeys(searches, vector(9), 20).sort((a, b) => a - b);
    };
    expect(few(old)).toEqual(few(fresh));
    expect(few(undefined)).toEqual(few(fresh));
    expect(few(fresh).length).toBeLessThan(200);
  });
});
