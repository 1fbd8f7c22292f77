import type { Clock } from '../../src/common/clock/clock.port.ts';
import { untilAborted } from '../../src/common/concurrency/until-aborted.ts';
import { type BlobInfo, BlobStore, type ByteRange } from '../../src/storage/blob-store.port.ts';
import { StorageError } from '../../src/storage/storage.errors.ts';
import { type Scope, scopeName } from '../../src/storage/storage.types.ts';

interface Kept {
  readonly bytes: Buffer;
  readonly info: BlobInfo;
}

const PART_BYTES = 65_536;

/** Blobs in memory; `fault`, when set, is what every call rejects with. */
export class FakeBlobStore extends BlobStore {
  fault: Error | undefined;
  readonly #clock: Clock;
  readonly #scopes = new Map<string, Map<string, Kept>>();

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override async put(scope: Scope, key: string, source: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<BlobInfo> {
    this.#check(key);
    const parts: Uint8Array[] = [];
    for await (const part of untilAborted(source, signal)) parts.push(new Uint8Array(part));
    signal?.throwIfAborted();
    const bytes = Buffer.concat(parts);
    const info = { key, size: bytes.byteLength, storedAt: this.#clock.now() };
    const blobs = this.#scopes.get(scopeName(scope)) ?? new Map<string, Kept>();
    this.#scopes.set(scopeName(scope), blobs.set(key, { bytes, info }));
    return info;
  }

  override async *get(scope: Scope, key: string, range: ByteRange = { start: 0 }): AsyncGenerator<Uint8Array> {
    this.#check(key);
    const kept = await Promise.resolve(this.#of(scope).get(key));
    if (kept === undefined) throw new StorageError('blob-not-found', `There is no blob ${key}.`);
    const end = Math.min(range.end ?? kept.bytes.byteLength, kept.bytes.byteLength);
    for (let start = range.start; start < end; start += PART_BYTES) {
      yield new Uint8Array(kept.bytes.subarray(start, Math.min(end, start + PART_BYTES)));
    }
  }

  override async info(scope: Scope, key: string): Promise<BlobInfo | undefined> {
    this.#check(key);
    return await Promise.resolve(this.#of(scope).get(key)?.info);
  }

  override async delete(scope: Scope, key: string): Promise<boolean> {
    this.#check(key);
    return await Promise.resolve(this.#of(scope).delete(key));
  }

  override async *list(scope: Scope): AsyncGenerator<BlobInfo> {
    await Promise.resolve();
    if (this.fault !== undefined) throw this.fault;
    for (const { info } of this.#of(scope).values()) yield info;
  }

  override async clear(scope: Scope): Promise<void> {
    await Promise.resolve();
    if (this.fault !== undefined) throw this.fault;
    this.#scopes.delete(scopeName(scope));
  }

  #of(scope: Scope): Map<string, Kept> {
    return this.#scopes.get(scopeName(scope)) ?? new Map<string, Kept>();
  }

  #check(key: string): void {
    if (this.fault !== undefined) throw this.fault;
    if (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/.test(key)) return;
    throw new StorageError('record-key-invalid', 'The key is not allowed.');
  }
}
