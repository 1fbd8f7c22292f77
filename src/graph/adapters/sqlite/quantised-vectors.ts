/** The greatest whole number a component is scaled to. */
const STEPS = 127;
const SCALE_BYTES = 4;

/*
 * Several vectors in one blob: for each a scale, a float of 32 bits (little-endian), then its components as signed bytes. A component
 * is off by half a scale at most, and the scale is the greatest component / 127; a cosine of unit vectors is off by at most
 * greatest / 254 * sqrt(dimensions), of embeddings as they come by a few thousandths at most.
 */

/** Packs vectors that stand one behind the other. */
export function packVectors(vectors: Float32Array, dimensions: number): Uint8Array {
  const count = vectors.length / dimensions;
  const packed = new Uint8Array(count * (SCALE_BYTES + dimensions));
  for (let i = 0; i < count; i += 1) packOne(vectors.subarray(i * dimensions, (i + 1) * dimensions), packed, i * (SCALE_BYTES + dimensions));
  return packed;
}

function packOne(vector: Float32Array, packed: Uint8Array, at: number): void {
  const scale = Math.fround(vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / STEPS);
  new DataView(packed.buffer, packed.byteOffset + at).setFloat32(0, scale, true);
  if (scale === 0) return;
  const components = new Int8Array(packed.buffer, packed.byteOffset + at + SCALE_BYTES, vector.length);
  for (const [i, value] of vector.entries()) components[i] = Math.round(value / scale);
}

/** The components of each vector, up to its scale: enough for their signs. */
export function componentsOf(packed: Uint8Array, dimensions: number): Int8Array[] {
  const size = SCALE_BYTES + dimensions;
  const count = packed.byteLength / size;
  return Array.from({ length: count }, (_, i) => new Int8Array(packed.buffer, packed.byteOffset + i * size + SCALE_BYTES, dimensions));
}

/** The greatest dot product of a vector with one of the packed ones; minus infinity if there are none. */
export function greatestDot(vector: Float32Array, packed: Uint8Array): number {
  const size = SCALE_BYTES + vector.length;
  const scales = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const bytes = new Int8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  let greatest = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < bytes.length; at += size) {
    let sum = 0;
    for (let i = 0; i < vector.length; i += 1) sum += (vector[i] ?? 0) * (bytes[at + SCALE_BYTES + i] ?? 0);
    greatest = Math.max(greatest, sum * scales.getFloat32(at, true));
  }
  return greatest;
}
