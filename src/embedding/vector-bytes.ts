import { endianness } from 'node:os';

const FLOAT_BYTES = 4;
const SWAP = endianness() === 'BE';

/** A vector as raw float32, little-endian. */
export function vectorToBytes(vector: Float32Array): Uint8Array {
  const bytes = Buffer.from(vector.slice().buffer);
  return SWAP ? bytes.swap32() : bytes;
}

/** The vector of raw little-endian float32 bytes; nothing if they are not a whole number of floats, or none. */
export function bytesToVector(bytes: Uint8Array): Float32Array | undefined {
  if (bytes.length === 0 || bytes.length % FLOAT_BYTES !== 0) return undefined;
  // A copy, because the bytes may start anywhere in a buffer that belongs to someone else.
  const copy = Buffer.from(new Uint8Array(bytes).buffer);
  if (SWAP) copy.swap32();
  return new Float32Array(copy.buffer);
}
