import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ClockModule } from '../common/clock/clock.module.ts';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import { CACHE_CONFIG, type CacheConfig } from '../config/cache.config.ts';
import { ConfigError } from '../config/config.errors.ts';
import { DataFolder } from '../storage/data-folder.service.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { FileCacheStore } from './adapters/file-cache-store.ts';
import { MemoryCacheStore } from './adapters/memory-cache-store.ts';
import type { CacheStore } from './cache-store.port.ts';
import { CacheHealth } from './cache.health.ts';
import { CacheMetrics } from './cache.metrics.ts';
import { CACHE_STORES, CacheService } from './cache.service.ts';

/**
 * The stores in the order of CACHE_TIERS.
 * @throws ConfigError for a tier that this version does not bring
 */
export function storesInOrder(tiers: CacheConfig['tiers'], stores: readonly (CacheStore | null)[]): CacheStore[] {
  const wanted = [...new Set(tiers)];
  const built = wanted.map((tier) => stores.find((store) => store?.tier === tier) ?? tier);
  const missing = built.filter((store) => typeof store === 'string');
  if (missing.length === 0) return built.filter((store) => typeof store !== 'string');
  throw new ConfigError([
    { variable: 'CACHE_TIERS', fault: `names ${missing.join(' and ')}, which this version does not bring yet; it may list memory and file` },
  ]);
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
      provide: CACHE_STORES,
      inject: [CACHE_CONFIG, MemoryCacheStore, FileCacheStore],
      useFactory: (config: CacheConfig, ...stores: (CacheStore | null)[]) => storesInOrder(config.tiers, stores),
    },
    CacheService,
    CacheHealth,
    CacheMetrics,
  ],
  exports: [CacheService, CacheHealth, CacheMetrics],
})
export class CacheModule {}
