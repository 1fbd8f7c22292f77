import { createHash } from 'node:crypto';

/**
 * A 128-bit content hash (the first half of SHA-256) as 32 hexadecimal digits. Parts are length-prefixed, so that
 * `('ab', 'c')` and `('a', 'bc')` differ.
 */
export function contentHash(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${String(part.length)}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}
