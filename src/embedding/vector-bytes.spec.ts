import fc from 'fast-check';
import { bytesToVector, vectorToBytes } from './vector-bytes.ts';

describe('vectors as bytes', () => {
  it('come back as they were, wherever the bytes begin', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1 }), fc.nat(7), (vector, offset) => {
        const bytes = vectorToBytes(vector);
        const moved = new Uint8Array(bytes.length + offset);
        moved.set(bytes, offset);
        expect(bytesToVector(moved.subarray(offset))).toEqual(vector);
      }),
    );
  });

  it('are little-endian float32', () => {
    expect([...vectorToBytes(new Float32Array([1, -2]))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('are refused when they are no whole number of floats', () => {
    expect(bytesToVector(new Uint8Array(0))).toBeUndefined();
    expect(bytesToVector(new Uint8Array(7))).toBeUndefined();
  });
});
