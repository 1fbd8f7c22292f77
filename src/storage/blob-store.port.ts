import type { Scope } from './storage.types.ts';

/** What a stored blob is. */
export interface BlobInfo {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch at which it was stored. */
  readonly storedAt: number;
}

/** A half-open range of bytes. */
export interface ByteRange {
  readonly start: number;
  /** Exclusive; left out: to the end. */
  readonly end?: number;
}

/**
 * Original files and decoded texts. A blob appears whole or not at all, is never changed, and is durable when `put` resolves. Keys
 * are 1 to 200 characters of `[A-Za-z0-9._-]`, not starting with a dot (StorageError `record-key-invalid` otherwise). Scopes never
 * see each other. Memory use does not grow with a blob's size.
 *
 * Every method throws StorageError `store-unavailable`, `disk-full` or `data-read-only`.
 */
export abstract class BlobStore {
  /**
   * Stores what the source yields under a key, replacing what was there. When the source throws or the signal is aborted, nothing
   * is stored and the promise rejects with that error.
   */
  abstract put(scope: Scope, key: string, source: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<BlobInfo>;

  /**
   * The bytes of a blob, or of a range of it, in parts of at most 1 MB. A range beyond the end is cut.
   * @throws StorageError `blob-not-found` on the first step of the iteration
   */
  abstract get(scope: Scope, key: string, range?: ByteRange): AsyncIterable<Uint8Array>;

  /** What is stored under a key, or nothing. */
  abstract info(scope: Scope, key: string): Promise<BlobInfo | undefined>;

  /** Removes a blob; true if there was one. */
  abstract delete(scope: Scope, key: string): Promise<boolean>;

  /** All blobs of a scope, in no particular order. For sweeping what a crash left. */
  abstract list(scope: Scope): AsyncIterable<BlobInfo>;

  /** Removes every blob of a scope. */
  abstract clear(scope: Scope): Promise<void>;
}
