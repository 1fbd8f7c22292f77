import type { JsonValue, RecordOperation, Scope, StoredRecord } from './storage.types.ts';

/** When a write may happen, and how long its value lives. */
export interface PutOptions {
  /** Write only if the record has this version; 0: only if there is none. Left out: write whatever is there. */
  readonly ifVersion?: number;
  /** Milliseconds from now after which the record is gone. Left out: it stays; an earlier time to live is forgotten. */
  readonly ttlMs?: number;
}

/** A page of records. */
export interface RecordPage {
  readonly records: readonly StoredRecord[];
  /** Give it to the next call; absent on the last page. */
  readonly nextCursor?: string;
}

/**
 * Small durable facts: keys, sessions, jobs, journal. Values are JSON of up to 1 MB; `0`, `''`, `false` and `null` are values. A
 * written record is durable when the promise resolves: it survives `kill -9`. Expired records are as good as absent everywhere.
 *
 * Keys are 1 to 512 well-formed characters without control characters, ordered by code unit, parts separated by `/` by custom. Scopes
 * never see each other. A version rises with every write of the key, also when the record was deleted in between, so a version seen
 * once never comes to mean another value.
 *
 * Every method throws StorageError: `record-key-invalid` for any other key, `record-too-large` for a larger value or more operations
 * than a transaction takes, `store-unavailable` or `store-busy` (retryable) when the store is away, `disk-full`, `data-read-only`.
 */
export abstract class RecordStore {
  /** The record, or nothing. */
  abstract get(scope: Scope, key: string): Promise<StoredRecord | undefined>;

  /** Those of up to 1,000 records that there are, in the order of the keys. */
  abstract getMany(scope: Scope, keys: readonly string[]): Promise<readonly StoredRecord[]>;

  /**
   * Writes a record and returns its new version.
   * @throws StorageError `record-conflict` if `ifVersion` does not hold
   */
  abstract put(scope: Scope, key: string, value: JsonValue, options?: PutOptions): Promise<number>;

  /**
   * Removes a record; true if there was one.
   * @throws StorageError `record-conflict` if `ifVersion` is given and does not hold
   */
  abstract delete(scope: Scope, key: string, options?: { readonly ifVersion?: number }): Promise<boolean>;

  /** Records whose keys start with `prefix` ('' for all), by rising key; at most `limit` (1 to 1000, default 100) a page. */
  abstract list(scope: Scope, prefix: string, options?: { readonly cursor?: string; readonly limit?: number }): Promise<RecordPage>;

  /**
   * All of up to 100 operations, or none.
   * @throws StorageError `record-conflict` if one `ifVersion` does not hold; then nothing is written
   */
  abstract transact(scope: Scope, operations: readonly RecordOperation[]): Promise<void>;

  /** Removes every record of a scope. */
  abstract clear(scope: Scope): Promise<void>;

  /** Resolves if the store answers and could take a write. For health. */
  abstract ping(): Promise<void>;
}
