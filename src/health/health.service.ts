import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, type HealthIndicatorFunction } from '@nestjs/terminus';
import { CacheHealth } from '../cache/cache.health.ts';
import { GraphHealth } from '../graph/graph.health.ts';
import { ModelsHealth } from '../models/models.health.ts';
import { StorageHealth } from '../storage/storage.health.ts';

/** Puts the modules' indicators together. */
@Injectable()
export class HealthService {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly graph: GraphHealth,
    private readonly storage: StorageHealth,
    private readonly cache: CacheHealth,
    private readonly models: ModelsHealth,
  ) {}

  /** All that is known: `rag`, `store`, `cache`, `models`. */
  report(): Promise<HealthCheckResult> {
    return this.run([...this.essential(), () => this.cache.check(), () => this.models.check()]);
  }

  /** What questions cannot be answered without. Cache and models are not among it: answers go on without either. */
  readiness(): Promise<HealthCheckResult> {
    return this.run(this.essential());
  }

  private essential(): HealthIndicatorFunction[] {
    return [() => this.graph.check(), () => this.storage.check()];
  }

  private async run(indicators: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    try {
      return await this.checks.check(indicators);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }
}
