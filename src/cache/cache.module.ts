import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import { CACHE_CONFIG, type CacheConfig } from '../config/cache.config.ts';
import { DataFolder } from '../storage/data-folder.service.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { FileCacheStore } from './adapters/file/file-cache-store.ts';
import { MemoryCacheStore } from './adapters/memory-cache-store.ts';
import type { CacheStore } from './cache-store.port.ts';
import { CacheHealth } from './cache.health.ts';
import { CacheMetrics } from './cache.metrics.ts';
import { CACHE_STORES, CacheService } from './cache.service.ts';

/** The stores in the order of CACHE_TIERS, each once. */
export function storesInOrder(tiers: CacheConfig['tiers'], stores: readonly (CacheStore | null)[]): CacheStore[] {
  return [...new Set(tiers)].flatMap((tier) => stores.find((store) => store?.tier === tier) ?? []);
}

const REDIS_STORE = Symbol('cache store on Redis');
const MEMCACHED_STORE = Symbol('cache store on memcached');

/**
 * A store for a tier on a server, if CACHE_TIERS names it and its address is set; the settings see to it that one comes with the other. Its
 * client is loaded only then: it takes some megabytes.
 */
async function onServer<Store>(
  config: CacheConfig,
  tier: CacheConfig['tiers'][number],
  address: string | undefined,
  make: (address: string) => Promise<Store>,
): Promise<Store | null> {
  return config.tiers.includes(tier) && address !== undefined ? await make(address) : null;
}

@Module({
  imports: [ClockModule, StorageModule, TerminusModule],
  providers: [
    {
      provide: MemoryCacheStore,
      inject: [CACHE_CONFIG, Clock],
      useFactory: (config: CacheConfig, clock: Clock) =>
        config.tiers.includes('memory') ? new MemoryCacheStore(config.memoryBytes, clock) : null,
    },
    {
      provide: FileCacheStore,
      inject: [CACHE_CONFIG, DataFolder, Clock, IdSource],
      useFactory: (config: CacheConfig, folder: DataFolder, clock: Clock, ids: IdSource) =>
        config.tiers.includes('file')
          ? new FileCacheStore({ folder: join(folder.path, 'cache'), maxBytes: config.fileBytes, clock, ids })
          : null,
    },
    {
      provide: REDIS_STORE,
      inject: [CACHE_CONFIG, Clock, IdSource],
      useFactory: (config: CacheConfig, clock: Clock, ids: IdSource) =>
        onServer(config, 'redis', config.redisUrl, async (url) => {
          const { RedisCacheStore } = await import('./adapters/redis/redis-cache-store.ts');
          return new RedisCacheStore(url, clock, ids);
        }),
    },
    {
      provide: MEMCACHED_STORE,
      inject: [CACHE_CONFIG, Clock, IdSource],
      useFactory: (config: CacheConfig, clock: Clock, ids: IdSource) =>
        onServer(config, 'memcached', config.memcachedServers, async (servers) => {
          const { MemcachedCacheStore } = await import('./adapters/memcached/memcached-cache-store.ts');
          return new MemcachedCacheStore(servers, clock, ids);
        }),
    },
    {
      provide: CACHE_STORES,
      inject: [CACHE_CONFIG, MemoryCacheStore, FileCacheStore, REDIS_STORE, MEMCACHED_STORE],
      useFactory: (config: CacheConfig, ...stores: (CacheStore | null)[]) => storesInOrder(config.tiers, stores),
    },
    CacheService,
    CacheHealth,
    CacheMetrics,
  ],
  exports: [CacheService, CacheHealth, CacheMetrics],
})
export class CacheModule {}
