import type { Clock } from '../../src/common/clock/clock.port.ts';
import { type PutOptions, type RecordPage, RecordStore } from '../../src/storage/record-store.port.ts';
import { StorageError } from '../../src/storage/storage.errors.ts';
import { type JsonValue, type RecordOperation, type Scope, scopeName, type StoredRecord } from '../../src/storage/storage.types.ts';

interface Kept {
  readonly json: string;
  readonly version: number;
  readonly expiresAt: number;
}

type Records = Map<string, Kept>;

/** Records in memory; `fault`, when set, is what every call rejects with. */
export class FakeRecordStore extends RecordStore {
  fault: Error | undefined;
  readonly #clock: Clock;
  readonly #scopes = new Map<string, Records>();
  #lastVersion = 0;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override async get(scope: Scope, key: string): Promise<StoredRecord | undefined> {
    await this.ping();
    checkKey(key);
    const kept = this.#live(this.#of(scope), key);
    return kept === undefined ? undefined : recordOf(key, kept);
  }

  override async getMany(scope: Scope, keys: readonly string[]): Promise<readonly StoredRecord[]> {
    await this.ping();
    if (keys.length > 1000) throw new StorageError('record-too-large', 'Too many keys.');
    for (const key of keys) checkKey(key);
    const records = this.#of(scope);
    return keys.flatMap((key) => {
      const kept = this.#live(records, key);
      return kept === undefined ? [] : [recordOf(key, kept)];
    });
  }

  override async put(scope: Scope, key: string, value: JsonValue, options?: PutOptions): Promise<number> {
    await this.transact(scope, [{ kind: 'put', key, value, ...options }]);
    return this.#lastVersion;
  }

  override async delete(scope: Scope, key: string, options?: { readonly ifVersion?: number }): Promise<boolean> {
    await this.ping();
    checkKey(key);
    const existed = this.#live(this.#of(scope), key) !== undefined;
    await this.transact(scope, [{ kind: 'delete', key, ...options }]);
    return existed;
  }

  override async list(scope: Scope, prefix: string, options: { readonly cursor?: string; readonly limit?: number } = {}): Promise<RecordPage> {
    await this.ping();
    checkText(prefix);
    const records = this.#of(scope);
    const after = options.cursor ?? '';
    const keys = [...records.keys()].filter((key) => key.startsWith(prefix) && key > after && this.#live(records, key) !== undefined);
    const limit = Math.min(1000, Math.max(1, options.limit ?? 100));
    // Without a comparator strings are ordered by code unit.
    const page = keys.toSorted().slice(0, limit);
    const found = page.flatMap((key) => {
      const kept = records.get(key);
      return kept === undefined ? [] : [recordOf(key, kept)];
    });
    const last = page.at(-1);
    return { records: found, ...(keys.length > limit && last !== undefined && { nextCursor: last }) };
  }

  override async transact(scope: Scope, operations: readonly RecordOperation[]): Promise<void> {
    await this.ping();
    if (operations.length > 100) throw new StorageError('record-too-large', 'Too many operations.');
    const records = this.#of(scope);
    const changed = new Map(records);
    for (const operation of operations) this.#apply(changed, operation);
    this.#scopes.set(scopeName(scope), changed);
  }

  override async clear(scope: Scope): Promise<void> {
    await this.ping();
    this.#scopes.delete(scopeName(scope));
  }

  override ping(): Promise<void> {
    return this.fault === undefined ? Promise.resolve() : Promise.reject(this.fault);
  }

  #apply(records: Records, operation: RecordOperation): void {
    checkKey(operation.key);
    const { ifVersion } = operation;
    const version = this.#live(records, operation.key)?.version ?? 0;
    if (ifVersion !== undefined && ifVersion !== version) throw new StorageError('record-conflict', 'The version does not hold.');
    if (operation.kind === 'delete') {
      records.delete(operation.key);
      return;
    }
    const json = JSON.stringify(operation.value);
    if (Buffer.byteLength(json) > 1_000_000) throw new StorageError('record-too-large', 'The value is too large.');
    this.#lastVersion += 1;
    const expiresAt = this.#clock.now() + (operation.ttlMs ?? Number.POSITIVE_INFINITY);
    records.set(operation.key, { json, version: this.#lastVersion, expiresAt });
  }

  #live(records: Records, key: string): Kept | undefined {
    const kept = records.get(key);
    return kept !== undefined && kept.expiresAt > this.#clock.now() ? kept : undefined;
  }

  #of(scope: Scope): Records {
    return this.#scopes.get(scopeName(scope)) ?? new Map<string, Kept>();
  }
}

function recordOf(key: string, kept: Kept): StoredRecord {
  return { key, value: JSON.parse(kept.json) as JsonValue, version: kept.version };
}

function checkKey(key: string): void {
  checkText(key);
  if (key.length === 0) throw new StorageError('record-key-invalid', 'The key is empty.');
}

function checkText(text: string): void {
  if (text.length <= 512 && text.isWellFormed() && !/\p{Cc}/u.test(text)) return;
  throw new StorageError('record-key-invalid', 'The key is not allowed.');
}
