import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { CacheModule } from '../cache/cache.module.ts';
import { LifecycleModule } from '../common/lifecycle/lifecycle.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { ModelsModule } from '../models/models.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { HealthService } from './health.service.ts';
import { HealthController } from './http/health.controller.ts';

@Module({
  // Probes come every few seconds; a log line for each of them while something is away would bury the reason.
  imports: [TerminusModule.forRoot({ logger: false }), LifecycleModule, GraphModule, StorageModule, CacheModule, ModelsModule],
  controllers: [HealthController],
  providers: [HealthService],
})
export class HealthModule {}
