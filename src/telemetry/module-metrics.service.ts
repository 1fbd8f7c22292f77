import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CacheMetrics } from '../cache/cache.metrics.ts';
import { registerPools } from '../common/pools/pool-metrics.ts';
import { ModelsMetrics } from '../models/models.metrics.ts';
import { StorageMetrics } from '../storage/storage.metrics.ts';
import { MetricsRegistry } from './metrics-registry.service.ts';

/** Adds what the modules measure themselves. */
@Injectable()
export class ModuleMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: MetricsRegistry,
    private readonly cache: CacheMetrics,
    private readonly models: ModelsMetrics,
    private readonly storage: StorageMetrics,
  ) {}

  onModuleInit(): void {
    this.cache.register(this.metrics.registry);
    this.models.register(this.metrics.registry);
    registerPools(this.metrics.registry, async () => [...this.models.pools(), ...(await this.storage.pools())]);
  }
}
