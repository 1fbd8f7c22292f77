import { createHash, timingSafeEqual } from 'node:crypto';

/** Bytes of randomness in every key and secret that the service makes itself. */
export const SECRET_BYTES = 32;

/**
 * SHA-256 of a secret, as hexadecimal digits. A slow hash protects secrets that can be guessed; 256 random bits cannot, and a hash is
 * computed at every request. (Passwords are another matter and never hashed by this.)
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether a secret has a hash; takes the same time wherever they differ. */
export function secretMatches(secret: string, hash: string): boolean {
  const given = Buffer.from(hashSecret(secret), 'hex');
  const kept = Buffer.from(hash, 'hex');
  return given.length === kept.length && timingSafeEqual(given, kept);
}
