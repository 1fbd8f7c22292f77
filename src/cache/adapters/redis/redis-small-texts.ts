import { type Cache, type CacheManagerStore, createCache, KeyvAdapter } from 'cache-manager';
import { redisInsStore } from 'cache-manager-ioredis-yet';
import type { Redis } from 'ioredis';
import { Keyv } from 'keyv';

/**
 * Small texts in Redis, through cache-manager and its ioredis store, over a connection of ours. The store's serialiser (telejson) turns
 * strings that begin in certain ways into dates, patterns or live functions when it reads them, so what it is given is always one
 * string that begins with `{`.
 */
export class RedisSmallTexts {
  readonly #cache: Cache;

  constructor(client: Redis) {
    // The store was typed against an earlier cache-manager; what KeyvAdapter calls of it is all there.
    const store = new KeyvAdapter(redisInsStore(client) as unknown as CacheManagerStore);
    const keyv = new Keyv({ store, serialize: wrap, deserialize: unwrap, useKeyPrefix: false, emitErrors: false, throwOnErrors: true });
    this.#cache = createCache({ stores: [keyv] });
  }

  /** The text, or nothing. A read that fails is nothing too: cache-manager keeps such errors to itself. */
  async get(key: string): Promise<string | undefined> {
    return await this.#cache.get<string>(key);
  }

  /** Keeps a text until it is replaced or deleted. @throws what the client throws */
  async set(key: string, text: string): Promise<void> {
    await this.#cache.set(key, text);
  }

  /** @throws what the client throws */
  async delete(key: string): Promise<void> {
    await this.#cache.del(key);
  }
}

function wrap({ value }: { readonly value?: unknown }): string {
  return JSON.stringify({ v: value });
}

function unwrap<Value>(stored: string): { value?: Value } | undefined {
  const { v } = JSON.parse(stored) as { readonly v?: Value };
  return v === undefined ? undefined : { value: v };
}
