import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CacheMetrics } from '../cache/cache.metrics.ts';
import { ModelsMetrics } from '../models/models.metrics.ts';
import { MetricsRegistry } from './metrics-registry.service.ts';

/** Adds what the modules measure themselves. */
@Injectable()
export class ModuleMetrics implements OnModuleInit {
  constructor(
    private readonly metrics: MetricsRegistry,
    private readonly cache: CacheMetrics,
    private readonly models: ModelsMetrics,
  ) {}

  onModuleInit(): void {
    this.cache.register(this.metrics.registry);
    this.models.register(this.metrics.registry);
  }
}
