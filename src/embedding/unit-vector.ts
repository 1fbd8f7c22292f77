/** Scales a vector to length 1 in place; false if it has no direction (all zero, or not finite). */
export function normalise(vector: Float32Array): boolean {
  let squares = 0;
  for (const x of vector) squares += x * x;
  const length = Math.sqrt(squares);
  if (!(length > 0) || !Number.isFinite(length)) return false;
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) / length;
  return true;
}
