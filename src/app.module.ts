import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuthGuard } from './auth/auth.guard.ts';
import { AuthModule } from './auth/auth.module.ts';
import { ThrottleGuard } from './auth/throttle.guard.ts';
import { CacheModule } from './cache/cache.module.ts';
import { ChatModule } from './chat/chat.module.ts';
import { ClockModule } from './common/clock/clock.module.ts';
import { ProblemFilter } from './common/http/problem.filter.ts';
import { validationPipe } from './common/http/validation.ts';
import { DRAIN_TIMEOUT_MS, DrainService } from './common/lifecycle/drain.service.ts';
import { LifecycleModule } from './common/lifecycle/lifecycle.module.ts';
import { LoggingModule } from './common/logging/logging.module.ts';
import { ConfigModule } from './config/config.module.ts';
import type { Settings } from './config/load-settings.ts';
import { EmbeddingModule } from './embedding/embedding.module.ts';
import { GraphModule } from './graph/graph.module.ts';
import { HealthModule } from './health/health.module.ts';
import { IngestionModule } from './ingestion/ingestion.module.ts';
import { IngestionServerModule } from './ingestion/ingestion-server.module.ts';
import { ModelsModule } from './models/models.module.ts';
import { RetrievalModule } from './retrieval/retrieval.module.ts';
import { StorageModule } from './storage/storage.module.ts';
import { TelemetryModule } from './telemetry/telemetry.module.ts';
import { ApiModule } from './web/api.module.ts';
import { WebModule } from './web/web.module.ts';

const PARTS = [ClockModule, LifecycleModule, StorageModule, AuthModule, CacheModule, ModelsModule, GraphModule, EmbeddingModule, IngestionModule, IngestionServerModule, RetrievalModule, ChatModule];

/** The whole service; the only file that knows every module. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.forRoot(settings), LoggingModule.forRoot(settings.logging), ...PARTS, HealthModule, TelemetryModule, WebModule, ApiModule],
      providers: [
        DrainService,
        { provide: DRAIN_TIMEOUT_MS, useValue: settings.server.shutdownTimeoutMs },
        { provide: APP_PIPE, useFactory: validationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        // In this order: who asks, then how often.
        { provide: APP_GUARD, useExisting: AuthGuard },
        { provide: APP_GUARD, useExisting: ThrottleGuard },
      ],
    };
  }
}
