import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { ModelGateway } from './model-gateway.service.ts';
import type { ModelHealth } from './models.types.ts';

/**
 * Indicator `models`: how the latest real calls went; it makes none itself. Without a server configured it is up and says so. While
 * calls fail it is degraded, not down, because answers go on without a model.
 */
@Injectable()
export class ModelsHealth {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly gateway: ModelGateway,
  ) {}

  check(): HealthIndicatorResult<'models'> {
    const session = this.indicators.check('models');
    if (!this.gateway.configured) return session.up({ configured: false });
    const kinds = this.gateway.health();
    const pool = this.gateway.poolFigures();
    const { circuits, ...limits } = this.gateway.limits();
    const details = { configured: true, limits, circuits, ...(pool === undefined ? {} : { pool }), ...Object.fromEntries(kinds.map((health) => [health.kind, shown(health)])) };
    return kinds.some((health) => health.failing) ? session.degraded(details) : session.up(details);
  }
}

function shown({ lastSuccessAt, lastFailure, failing }: ModelHealth): Record<string, unknown> {
  return {
    failing,
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt: new Date(lastSuccessAt).toISOString() }),
    ...(lastFailure === undefined ? {} : { lastFailure: { ...lastFailure, at: new Date(lastFailure.at).toISOString() } }),
  };
}
