/** What a value is looked up by. It is hashed, so parts may be as long as they like. */
export interface CacheKey {
  /** What kind of value it is, 1 to 40 of `[a-z0-9-]`; readable in logs and in stored keys. */
  readonly kind: string;
  /** What made the value: model id and version, so that a change of it finds nothing old. */
  readonly version: string;
  /** What it was made from. */
  readonly parts: readonly string[];
}

/** A value to keep under a key. */
export interface CacheEntry {
  readonly key: CacheKey;
  readonly value: Uint8Array;
}

/** How far a look-up or a write reaches. */
export interface CacheReadOptions {
  /** The fastest tier alone: for what is asked once and seldom again, where a slower one would cost more than it saves. */
  readonly firstTierOnly?: boolean;
}

/** How long a value is kept. */
export interface CacheWriteOptions extends CacheReadOptions {
  /** Milliseconds, above 0. Left out: CACHE_TTL. */
  readonly ttlMs?: number;
}

/** How a value is loaded that the cache lacks. */
export interface CacheLoadOptions extends CacheWriteOptions {
  /** Ends the wait of this caller; the load goes on while others wait for it. */
  readonly signal?: AbortSignal;
}

/** What one tier has done since the process started. */
export interface TierFigures {
  readonly tier: string;
  /** `down`: a call failed; it is skipped until a trial succeeds. */
  readonly state: 'up' | 'down';
  /** Why it is down. */
  readonly reason?: string;
  /** Keys found and keys asked for in vain. */
  readonly hits: number;
  readonly misses: number;
  /** Calls that failed, and calls not made because the tier was down. */
  readonly errors: number;
  readonly skipped: number;
  /** Bytes it holds, as far as this process knows. */
  readonly bytes: number | undefined;
}
