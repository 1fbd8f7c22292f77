/** Randomness, injected so that tests are repeatable. */
export abstract class IdSource {
  /** A random UUID (version 4). */
  abstract uuid(): string;

  /** `bytes` random bytes as base64url, for secrets. */
  abstract token(bytes: number): string;

  /** A number in [0, 1), for jitter; not for secrets. */
  abstract random(): number;
}
