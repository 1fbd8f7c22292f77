import { CacheError } from '../../src/cache/cache.errors.ts';
import { CacheStore } from '../../src/cache/cache-store.port.ts';
import type { Clock } from '../../src/common/clock/clock.port.ts';
import { type Scope, scopeName } from '../../src/storage/storage.types.ts';

/** A tier in memory that can be taken away, wholly or for writes, and that counts its calls. */
export class FakeCacheStore extends CacheStore {
  override readonly tier: string;
  /** `read`: nothing works; `write`: only reading does. */
  away: 'no' | 'read' | 'write' = 'no';
  /** Every call waits for this. */
  slow: Promise<unknown> | undefined;
  readonly calls = { get: 0, getMany: 0, set: 0, delete: 0, clear: 0 };
  readonly #clock: Clock;
  readonly #entries = new Map<string, { readonly value: Uint8Array; readonly expiresAt: number }>();
  readonly #epochs = new Map<string, number>();

  constructor(clock: Clock, tier = 'fake') {
    super();
    this.#clock = clock;
    this.tier = tier;
  }

  override bytesHeld(): number {
    return [...this.#entries.values()].reduce((sum, { value }) => sum + value.byteLength, 0);
  }

  override async get(scope: Scope, key: string): Promise<Uint8Array | undefined> {
    this.calls.get += 1;
    await this.#reach('read');
    return this.#read(scope, key);
  }

  override async getMany(scope: Scope, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    this.calls.getMany += 1;
    await this.#reach('read');
    return keys.map((key) => this.#read(scope, key));
  }

  override async set(scope: Scope, key: string, value: Uint8Array, ttlMs: number): Promise<void> {
    this.calls.set += 1;
    const copy = new Uint8Array(value);
    await this.#reach('write');
    this.#entries.set(this.#stored(scope, key), { value: copy, expiresAt: this.#clock.now() + ttlMs });
  }

  override async delete(scope: Scope, key: string): Promise<void> {
    this.calls.delete += 1;
    await this.#reach('write');
    this.#entries.delete(this.#stored(scope, key));
  }

  override async clear(scope: Scope): Promise<void> {
    this.calls.clear += 1;
    await this.#reach('write');
    this.#epochs.set(scopeName(scope), (this.#epochs.get(scopeName(scope)) ?? 0) + 1);
  }

  #read(scope: Scope, key: string): Uint8Array | undefined {
    const entry = this.#entries.get(this.#stored(scope, key));
    return entry !== undefined && entry.expiresAt > this.#clock.now() ? new Uint8Array(entry.value) : undefined;
  }

  async #reach(direction: 'read' | 'write'): Promise<void> {
    if (this.slow !== undefined) await this.slow;
    if (this.away === 'no' || (this.away === 'write' && direction === 'read')) return;
    throw new CacheError(`The tier ${this.tier} is away.`);
  }

  #stored(scope: Scope, key: string): string {
    const name = scopeName(scope);
    return `${name}/${String(this.#epochs.get(name) ?? 0)}/${key}`;
  }
}
