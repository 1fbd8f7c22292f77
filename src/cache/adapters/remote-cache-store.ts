import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../common/clock/clock.port.ts';
import type { IdSource } from '../../common/clock/id-source.port.ts';
import { within } from '../../common/concurrency/within.ts';
import { type Scope, scopeName } from '../../storage/storage.types.ts';
import { CacheError } from '../cache.errors.ts';
import { CacheStore } from '../cache-store.port.ts';
import { packValue, unpackValue } from '../cached-value.ts';
import type { MarkedValues, ScopeEpoch, ValueServer } from './value-server.port.ts';

/** A call may need several exchanges with the server; all of them together end within this. */
const DEADLINE_MS = 190;
/** Keys in one exchange, so that one answer is never very long. */
const KEYS_AT_ONCE = 64;
/** Look-ups of many keys that took so long leave the rest out. */
const PATIENCE_MS = 100;
/** A scope that is cleared again during a second try is left alone. */
const TRIES = 2;

/** What a tier on a server works with. */
export interface RemoteCacheParts {
  readonly server: ValueServer;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * A tier on a server that many processes share. The epoch of a scope is a random word that the server keeps and every stored name
 * holds; each read and write compares it in the same exchange with the one this process knows. Clearing takes the word away, and the
 * next write brings a new one: an epoch that was lost or evicted can hide values, and none can bring back what was cleared.
 */
export class RemoteCacheStore extends CacheStore implements OnModuleInit, OnApplicationShutdown {
  override readonly tier: string;
  readonly #parts: RemoteCacheParts;
  readonly #known = new Map<string, ScopeEpoch>();
  readonly #marks = new Map<string, Promise<Uint8Array | undefined>>();
  readonly #beginnings = new Map<string, Promise<ScopeEpoch | undefined>>();

  constructor(parts: RemoteCacheParts) {
    super();
    this.tier = parts.server.tier;
    this.#parts = parts;
  }

  async onModuleInit(): Promise<void> {
    await this.#parts.server.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#parts.server.close();
  }

  /** The server's memory is shared with others, so this process cannot tell. */
  override bytesHeld(): undefined {
    return undefined;
  }

  override async get(scope: Scope, key: string): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany(scope, [key]);
    return value;
  }

  override async getMany(scope: Scope, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    if (keys.length === 0) return [];
    const name = scopeName(scope);
    const known = this.#known.get(name);
    if (known === undefined || keys.length > KEYS_AT_ONCE) return await this.#bounded(this.#find(name, keys));
    // The usual case is one exchange, which the server's client bounds; the rest of the time is for what else may be needed.
    const startMs = this.#parts.clock.monotonic();
    const found = await this.#parts.server.read({ scope: name, epoch: known.epoch }, keys);
    if (this.#still(name, known, found.mark)) return this.#live(found.values);
    return await this.#bounded(this.#read(name, keys), this.#parts.clock.monotonic() - startMs);
  }

  override async set(scope: Scope, key: string, value: Uint8Array, ttlMs: number): Promise<void> {
    const { server, clock } = this.#parts;
    const name = scopeName(scope);
    // The server counts in its own time, and memcached in whole seconds; the value tells when it is over by our clock.
    const bytes = packValue({ value, expiresAt: clock.now() + ttlMs });
    if (bytes.byteLength > server.maxValueBytes) {
      await this.delete(scope, key);
      return;
    }
    await this.#bounded(this.#change(name, () => this.#begun(name), (epoch) => server.write({ scope: name, epoch }, key, bytes, ttlMs)));
  }

  override async delete(scope: Scope, key: string): Promise<void> {
    const name = scopeName(scope);
    const nothing = (): Promise<undefined> => Promise.resolve(undefined);
    await this.#bounded(this.#change(name, nothing, (epoch) => this.#parts.server.remove({ scope: name, epoch }, key)));
  }

  override async clear(scope: Scope): Promise<void> {
    const name = scopeName(scope);
    await this.#bounded(this.#parts.server.end(name));
    this.#known.delete(name);
  }

  async #bounded<T>(work: Promise<T>, usedMs = 0): Promise<T> {
    return await within(DEADLINE_MS - usedMs, work, () => new CacheError(`The cache tier ${this.tier} did not answer within ${String(DEADLINE_MS)} ms.`));
  }

  async #find(scope: string, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const startMs = this.#parts.clock.monotonic();
    const found: (Uint8Array | undefined)[] = [];
    for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
      if (this.#parts.clock.monotonic() - startMs > PATIENCE_MS) break;
      found.push(...(await this.#read(scope, keys.slice(from, from + KEYS_AT_ONCE))));
    }
    return keys.map((_, i) => found[i]);
  }

  async #read(scope: string, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = this.#known.get(scope) ?? (await this.#learn(scope));
      if (known === undefined) break;
      const found = await this.#parts.server.read({ scope, epoch: known.epoch }, keys);
      if (this.#still(scope, known, found.mark)) return this.#live(found.values);
    }
    return keys.map(() => undefined);
  }

  #live(values: MarkedValues['values']): (Uint8Array | undefined)[] {
    const nowMs = this.#parts.clock.now();
    return values.map((packed) => {
      const cached = packed === undefined ? undefined : unpackValue(packed);
      return cached !== undefined && cached.expiresAt > nowMs ? cached.value : undefined;
    });
  }

  /** Makes a change in the scope's epoch, and once more if it turns out to have been cleared by another process. */
  async #change(scope: string, begin: () => Promise<ScopeEpoch | undefined>, change: (epoch: string) => Promise<void>): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = this.#known.get(scope) ?? (await this.#learn(scope)) ?? (await begin());
      if (known === undefined) return;
      const [mark] = await Promise.all([this.#markOf(scope), change(known.epoch)]);
      if (this.#still(scope, known, mark)) return;
    }
  }

  /** Whether the epoch is still the one that was known; forgets it if not. */
  #still(scope: string, known: ScopeEpoch, mark: Uint8Array | undefined): boolean {
    if (mark !== undefined && Buffer.compare(mark, known.mark) === 0) return true;
    if (this.#known.get(scope) === known) this.#known.delete(scope);
    return false;
  }

  async #learn(scope: string): Promise<ScopeEpoch | undefined> {
    const found = await this.#parts.server.epochOf(scope);
    if (found !== undefined) this.#known.set(scope, found);
    return found;
  }

  /** Changes that are under way at the same time share one look at the mark. */
  #markOf(scope: string): Promise<Uint8Array | undefined> {
    return shared(this.#marks, scope, () => this.#parts.server.mark(scope));
  }

  #begun(scope: string): Promise<ScopeEpoch | undefined> {
    return shared(this.#beginnings, scope, async () => {
      await this.#parts.server.begin(scope, this.#parts.ids.uuid());
      return await this.#learn(scope);
    });
  }
}

async function shared<T>(flights: Map<string, Promise<T>>, key: string, start: () => Promise<T>): Promise<T> {
  const flight = flights.get(key) ?? start();
  flights.set(key, flight);
  try {
    return await flight;
  } finally {
    flights.delete(key);
  }
}
