import type { Scope } from '../storage/storage.types.ts';

/**
 * One tier of the cache. Keys are 1 to 250 characters of `[A-Za-z0-9:._-]` (callers hash what they look up); values are bytes, and
 * an empty value is a value. What was set comes back byte for byte or not at all, never torn, never another key's or scope's. A
 * tier may forget anything at any time. Bytes that come back belong to the caller, and bytes given may be changed afterwards.
 *
 * Every method throws CacheError `cache-unavailable` when the tier cannot be reached; none waits for a server longer than 200 ms.
 */
export abstract class CacheStore {
  /** The tier's name in logs and figures: `memory`, `file`, `redis`, `memcached`. */
  abstract readonly tier: string;

  /** Bytes it holds, as far as this process knows; nothing if it cannot tell. For figures. */
  abstract bytesHeld(): number | undefined;

  /** The value, or nothing if it is absent or its time is over. */
  abstract get(scope: Scope, key: string): Promise<Uint8Array | undefined>;

  /** Values of many keys in the order of the keys. */
  abstract getMany(scope: Scope, keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;

  /** Keeps a value for at most `ttlMs` milliseconds (above 0). A value too large for the tier is not kept, in silence. */
  abstract set(scope: Scope, key: string, value: Uint8Array, ttlMs: number): Promise<void>;

  /** Forgets a key; no error if it is absent. */
  abstract delete(scope: Scope, key: string): Promise<void>;

  /** Forgets every key of a scope, by an epoch that is part of the stored key, so it takes no longer with more keys. */
  abstract clear(scope: Scope): Promise<void>;
}
