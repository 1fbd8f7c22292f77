import { Module } from '@nestjs/common';
import { CacheModule } from '../cache/cache.module.ts';
import { LifecycleModule } from '../common/lifecycle/lifecycle.module.ts';
import { ModelsModule } from '../models/models.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { MetricsController } from './http/metrics.controller.ts';
import { HttpMetrics } from './http-metrics.service.ts';
import { MetricsRegistry } from './metrics-registry.service.ts';
import { ModuleMetrics } from './module-metrics.service.ts';

@Module({
  imports: [LifecycleModule, CacheModule, ModelsModule, StorageModule],
  controllers: [MetricsController],
  providers: [MetricsRegistry, HttpMetrics, ModuleMetrics],
})
export class TelemetryModule {}
