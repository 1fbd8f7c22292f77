import { randomBytes, randomUUID } from 'node:crypto';
import { IdSource } from './id-source.port.ts';

/** The operating system's randomness. */
export class RandomIdSource extends IdSource {
  override uuid(): string {
    return randomUUID();
  }

  override token(bytes: number): string {
    return randomBytes(bytes).toString('base64url');
  }

  override random(): number {
    return Math.random();
  }
}
