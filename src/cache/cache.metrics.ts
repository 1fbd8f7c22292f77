import { Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { CacheService } from './cache.service.ts';
import type { TierFigures } from './cache.types.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly read: (figures: TierFigures) => number;
}

const COUNTERS: readonly Metric[] = [
  { name: 'graphrag_cache_hits_total', help: 'Keys found, by tier', read: ({ hits }) => hits },
  { name: 'graphrag_cache_misses_total', help: 'Keys asked for in vain, by tier', read: ({ misses }) => misses },
  { name: 'graphrag_cache_errors_total', help: 'Calls that failed, by tier', read: ({ errors }) => errors },
  { name: 'graphrag_cache_skipped_total', help: 'Calls not made because the tier was down, by tier', read: ({ skipped }) => skipped },
];

const GAUGES: readonly Metric[] = [
  { name: 'graphrag_cache_bytes', help: 'Bytes held, by tier, as far as this process knows', read: ({ bytes }) => bytes ?? 0 },
  { name: 'graphrag_cache_up', help: '1 if the last call to the tier was answered, else 0', read: ({ state }) => (state === 'up' ? 1 : 0) },
];

/** The figures of the tiers for Prometheus. */
@Injectable()
export class CacheMetrics {
  constructor(private readonly cache: CacheService) {}

  /** Adds the cache's metrics to a registry; they are read when it is. */
  register(registry: Registry): void {
    const figures = (): readonly TierFigures[] => this.cache.figures();
    for (const { read, ...metric } of COUNTERS) {
      new Counter({
        ...metric,
        labelNames: ['tier'],
        registers: [registry],
        collect(): void {
          this.reset();
          for (const each of figures()) this.inc({ tier: each.tier }, read(each));
        },
      });
    }
    for (const { read, ...metric } of GAUGES) {
      new Gauge({
        ...metric,
        labelNames: ['tier'],
        registers: [registry],
        collect(): void {
          for (const each of figures()) this.set({ tier: each.tier }, read(each));
        },
      });
    }
  }
}
