import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { SharedFlight } from '../common/concurrency/shared-flight.ts';
import { contentHash } from '../common/hash/content-hash.ts';
import { CACHE_CONFIG, type CacheConfig } from '../config/cache.config.ts';
import { type Scope, scopeName } from '../storage/storage.types.ts';
import type { CacheStore } from './cache-store.port.ts';
import type { CacheEntry, CacheKey, CacheLoadOptions, CacheReadOptions, CacheWriteOptions, TierFigures } from './cache.types.ts';
import { type CachedValue, packValue, unpackInPlace } from './cached-value.ts';
import { GuardedTier } from './guarded-tier.ts';

/** The stores of the cache, fastest first. */
export const CACHE_STORES = Symbol('cache stores');

/** A look-up that has taken so long asks no further tier: with the 150 ms that a server may take, nobody waits above 200 ms. */
const PATIENCE_MS = 50;
/** Values on their way to a tier at once. */
const WRITES_AT_ONCE = 64;

interface Lookup {
  readonly names: readonly string[];
  readonly found: (CachedValue | undefined)[];
}

/**
 * The layered cache: tiers in the order of CACHE_TIERS. A value found in a lower tier is put into those above for the rest of its
 * time; a tier that fails is skipped. No method throws because of the cache itself: at worst everything is a miss.
 */
@Injectable()
export class CacheService {
  readonly #logger = new Logger(CacheService.name);
  readonly #tiers: readonly GuardedTier[];
  readonly #loads = new SharedFlight<Uint8Array>();

  constructor(
    @Inject(CACHE_STORES) stores: readonly CacheStore[],
    @Inject(CACHE_CONFIG) private readonly config: Pick<CacheConfig, 'ttlMs'>,
    private readonly clock: Clock,
  ) {
    this.#tiers = stores.map((store) => new GuardedTier(store, clock));
  }

  /** The value, or nothing. The bytes belong to the caller and start at the front of their buffer. */
  async get(scope: Scope, key: CacheKey): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany(scope, [key]);
    return value;
  }

  /** Values in the order of the keys. */
  async getMany(scope: Scope, keys: readonly CacheKey[], { firstTierOnly = false }: CacheReadOptions = {}): Promise<(Uint8Array | undefined)[]> {
    const lookup: Lookup = { names: keys.map(nameOf), found: keys.map(() => undefined) };
    const startMs = this.clock.monotonic();
    for (const [depth, tier] of this.#reaching(firstTierOnly).entries()) {
      const open = [...lookup.found.keys()].filter((i) => lookup.found[i] === undefined);
      if (open.length === 0 || this.clock.monotonic() - startMs > PATIENCE_MS) break;
      const hits = await this.#ask(scope, tier, lookup, open);
      if (hits.length > 0) await this.#hit(scope, depth, lookup, hits);
    }
    return lookup.found.map((each) => each?.value);
  }

  #reaching(firstTierOnly: boolean): readonly GuardedTier[] {
    return firstTierOnly ? this.#tiers.slice(0, 1) : this.#tiers;
  }

  /** Keeps a value in every tier. */
  async set(scope: Scope, key: CacheKey, value: Uint8Array, options?: CacheWriteOptions): Promise<void> {
    await this.setMany(scope, [{ key, value }], options);
  }

  /** Keeps many values in every tier. */
  async setMany(scope: Scope, entries: readonly CacheEntry[], options: CacheWriteOptions = {}): Promise<void> {
    const ttlMs = options.ttlMs ?? this.config.ttlMs;
    if (ttlMs <= 0) return;
    const expiresAt = this.clock.now() + ttlMs;
    const packed = entries.map(({ key, value }) => ({ name: nameOf(key), bytes: packValue({ value, expiresAt }) }));
    for (let from = 0; from < packed.length; from += WRITES_AT_ONCE) {
      const next = packed.slice(from, from + WRITES_AT_ONCE);
      await Promise.all(this.#reaching(options.firstTierOnly ?? false).flatMap((tier) => next.map(({ name, bytes }) => tier.set(scope, name, bytes, ttlMs))));
    }
  }

  /** Forgets a value in every tier. */
  async delete(scope: Scope, key: CacheKey): Promise<void> {
    await Promise.all(this.#tiers.map((tier) => tier.delete(scope, nameOf(key))));
  }

  /** Forgets every value of a scope. */
  async clear(scope: Scope): Promise<void> {
    await Promise.all(this.#tiers.map((tier) => tier.clear(scope)));
  }

  /**
   * The value, loaded and kept if no tier has it. Callers of one key at the same time share one look-up and one load; a caller that
   * is aborted leaves alone, and the load is told to stop when none is left.
   * @throws what `load` throws, to every caller that waits for it; nothing is kept then
   */
  async getOrLoad(
    scope: Scope,
    key: CacheKey,
    load: (signal: AbortSignal) => Promise<Uint8Array>,
    options: CacheLoadOptions = {},
  ): Promise<Uint8Array> {
    const find = async (signal: AbortSignal): Promise<Uint8Array> => {
      const known = await this.get(scope, key);
      if (known !== undefined) return known;
      const loaded = await load(signal);
      await this.set(scope, key, loaded, options);
      return loaded;
    };
    const shared = await this.#loads.run(`${scopeName(scope)}/${nameOf(key)}`, find, options.signal);
    return new Uint8Array(shared);
  }

  /** Asks every tier whether it is there, then tells what each has done. At most 200 ms. */
  async look(): Promise<readonly TierFigures[]> {
    await Promise.all(this.#tiers.map((tier) => tier.look()));
    return this.figures();
  }

  /** What each tier has done, in the order of the tiers. */
  figures(): readonly TierFigures[] {
    return this.#tiers.map((tier) => tier.figures());
  }

  /** Asks one tier for what is still open and returns the indices it had. */
  async #ask(scope: Scope, tier: GuardedTier, lookup: Lookup, open: readonly number[]): Promise<number[]> {
    const values = await tier.getMany(scope, open.map((i) => lookup.names[i] ?? ''));
    const nowMs = this.clock.now();
    return open.filter((index, i) => {
      const packed = values[i];
      const cached = packed === undefined ? undefined : unpackInPlace(packed);
      if (cached === undefined || cached.expiresAt <= nowMs) return false;
      lookup.found[index] = cached;
      return true;
    });
  }

  async #hit(scope: Scope, depth: number, lookup: Lookup, hits: readonly number[]): Promise<void> {
    const tier = this.#tiers[depth]?.name ?? '';
    this.#logger.debug({ tier, hits: hits.length, key: lookup.names[hits[0] ?? 0] }, `cache hit in ${tier}`);
    if (depth > 0) await this.#promote(scope, depth, lookup, hits);
  }

  async #promote(scope: Scope, depth: number, lookup: Lookup, hits: readonly number[]): Promise<void> {
    const above = this.#tiers.slice(0, depth);
    const nowMs = this.clock.now();
    const copies = hits.flatMap((index) => {
      const cached = lookup.found[index];
      const name = lookup.names[index];
      if (cached === undefined || name === undefined || cached.expiresAt <= nowMs) return [];
      return above.map((tier) => tier.set(scope, name, packValue(cached), cached.expiresAt - nowMs));
    });
    await Promise.all(copies);
  }
}

function nameOf({ kind, version, parts }: CacheKey): string {
  return `${kind}:${contentHash(kind, version, ...parts)}`;
}
