import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { CacheService } from './cache.service.ts';

/** How the tiers are: `cache` in the report. A tier that is down costs time, not answers, so the cache is never worse than degraded. */
@Injectable()
export class CacheHealth {
  constructor(
    private readonly cache: CacheService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const tiers = Object.fromEntries((await this.cache.look()).map(({ tier, ...figures }) => [tier, figures]));
    const indicator = this.indicators.check('cache');
    const allUp = Object.values(tiers).every(({ state }) => state === 'up');
    return allUp ? indicator.up({ tiers }) : indicator.degraded({ tiers });
  }
}
