import { Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { PoolFigures } from '../common/pools/pool.types.ts';
import { ModelGateway } from './model-gateway.service.ts';
import type { ModelFigures } from './models.types.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly read: (figures: ModelFigures) => number;
}

const MS_PER_SECOND = 1000;

const COUNTERS: readonly Metric[] = [
  { name: 'graphrag_model_calls_succeeded_total', help: 'Calls to the model server that succeeded', read: ({ succeeded }) => succeeded },
  { name: 'graphrag_model_retries_total', help: 'Attempts after the first', read: ({ retries }) => retries },
  { name: 'graphrag_model_prompt_tokens_total', help: 'Prompt tokens reported by the server', read: ({ promptTokens }) => promptTokens },
  { name: 'graphrag_model_completion_tokens_total', help: 'Completion tokens reported by the server', read: ({ completionTokens }) => completionTokens },
  { name: 'graphrag_model_cost_usd_total', help: 'Cost in US dollars by config/models.json', read: ({ costUsd }) => costUsd },
  { name: 'graphrag_model_seconds_total', help: 'Time of successful calls, waiting included', read: ({ latencyMs }) => latencyMs / MS_PER_SECOND },
];

const GAUGES: readonly Metric[] = [
  { name: 'graphrag_model_in_flight', help: 'Calls at the model server now', read: ({ inFlight }) => inFlight },
  { name: 'graphrag_model_waiting', help: 'Calls waiting for a place in their lane', read: ({ waiting }) => waiting },
];

const LABELS = ['kind', 'lane'] as const;

/** The gateway's figures for Prometheus, by kind of call and lane. */
@Injectable()
export class ModelsMetrics {
  constructor(private readonly gateway: ModelGateway) {}

  /** The pool of connections to the model server; none without a server. */
  pools(): readonly PoolFigures[] {
    const figures = this.gateway.poolFigures();
    return figures === undefined ? [] : [figures];
  }

  /** Adds the gateway's metrics to a registry; they are read when it is. */
  register(registry: Registry): void {
    const figures = (): readonly ModelFigures[] => this.gateway.figures();
    for (const { read, ...metric } of COUNTERS) {
      new Counter({
        ...metric,
        labelNames: LABELS,
        registers: [registry],
        collect(): void {
          this.reset();
          for (const each of figures()) this.inc({ kind: each.kind, lane: each.lane }, read(each));
        },
      });
    }
    for (const { read, ...metric } of GAUGES) {
      new Gauge({
        ...metric,
        labelNames: LABELS,
        registers: [registry],
        collect(): void {
          for (const each of figures()) this.set({ kind: each.kind, lane: each.lane }, read(each));
        },
      });
    }
    this.#registerFailures(registry, figures);
  }

  #registerFailures(registry: Registry, figures: () => readonly ModelFigures[]): void {
    new Counter({
      name: 'graphrag_model_calls_failed_total',
      help: 'Calls to the model server that failed, by error code',
      labelNames: [...LABELS, 'code'],
      registers: [registry],
      collect(): void {
        this.reset();
        for (const { kind, lane, failed } of figures()) {
          for (const [code, count] of Object.entries(failed)) this.inc({ kind, lane, code }, count);
        }
      },
    });
  }
}
