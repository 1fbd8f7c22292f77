import type { Clock } from '../../common/clock/clock.port.ts';
import { type Scope, scopeName } from '../../storage/storage.types.ts';
import { CacheStore } from '../cache-store.port.ts';

/** What an entry costs beside its key and value: the objects and the place in the map, measured on V8 and rounded up. */
const OVERHEAD_BYTES = 200;
const BYTES_PER_CHARACTER = 2;

interface Entry {
  readonly value: Uint8Array;
  readonly expiresAt: number;
  readonly bytes: number;
}

/** Values in this process's memory; what was not used for the longest time leaves first. */
export class MemoryCacheStore extends CacheStore {
  override readonly tier = 'memory';
  readonly #maxBytes: number;
  readonly #clock: Clock;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #epochs = new Map<string, number>();
  #bytes = 0;

  /** @param maxBytes bound of keys, values and what holds them */
  constructor(maxBytes: number, clock: Clock) {
    super();
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  override bytesHeld(): number {
    return this.#bytes;
  }

  override get(scope: Scope, key: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#read(this.#stored(scope, key)));
  }

  override getMany(scope: Scope, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.#read(this.#stored(scope, key))));
  }

  override set(scope: Scope, key: string, value: Uint8Array, ttlMs: number): Promise<void> {
    const stored = this.#stored(scope, key);
    const bytes = stored.length * BYTES_PER_CHARACTER + value.byteLength + OVERHEAD_BYTES;
    this.#remove(stored);
    if (bytes > this.#maxBytes) return Promise.resolve();
    this.#entries.set(stored, { value: new Uint8Array(value), expiresAt: this.#clock.now() + ttlMs, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
    return Promise.resolve();
  }

  override delete(scope: Scope, key: string): Promise<void> {
    this.#remove(this.#stored(scope, key));
    return Promise.resolve();
  }

  /** Entries of earlier epochs are never found again and leave as the least used ones. */
  override clear(scope: Scope): Promise<void> {
    const name = scopeName(scope);
    this.#epochs.set(name, (this.#epochs.get(name) ?? 0) + 1);
    return Promise.resolve();
  }

  #read(stored: string): Uint8Array | undefined {
    const entry = this.#entries.get(stored);
    if (entry === undefined) return undefined;
    if (entry.expiresAt <= this.#clock.now()) {
      this.#remove(stored);
      return undefined;
    }
    this.#entries.delete(stored);
    this.#entries.set(stored, entry);
    return new Uint8Array(entry.value);
  }

  #remove(stored: string): void {
    const entry = this.#entries.get(stored);
    if (entry === undefined) return;
    this.#entries.delete(stored);
    this.#bytes -= entry.bytes;
  }

  #stored(scope: Scope, key: string): string {
    const name = scopeName(scope);
    return `${name}/${String(this.#epochs.get(name) ?? 0)}/${key}`;
  }
}
