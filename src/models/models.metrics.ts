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

const CIRCUIT = { closed: 0, 'half-open': 0.5, open: 1 } as const;

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
    this.#registerLimits(registry);
  }

  #registerLimits(registry: Registry): void {
    const { gateway } = this;
    const registers = [registry];
    new Gauge({
      ...{ name: 'graphrag_model_waiting_for_limits', help: 'Calls that wait for requests or tokens a minute, or for the end of a pause', labelNames: ['lane'] as const, registers },
      collect(): void {
        for (const [lane, count] of Object.entries(gateway.limits().waiting)) this.set({ lane }, count);
      },
    });
    new Gauge({
      ...{ name: 'graphrag_model_paused_seconds', help: 'Time for which the server wants no call at all', registers },
      collect(): void {
        this.set(gateway.limits().pausedMs / MS_PER_SECOND);
      },
    });
    new Gauge({
      ...{ name: 'graphrag_model_bulk_calls_per_second', help: 'Bulk calls a second at most, after sustained refusals; infinite without such a bound', registers },
      collect(): void {
        this.set(gateway.limits().bulkPerSecond ?? Number.POSITIVE_INFINITY);
      },
    });
    new Gauge({
      ...{ name: 'graphrag_model_circuit', help: '0 while calls go out, 1 while the server is taken for away, 0.5 while one call tries whether it is back', labelNames: ['kind'] as const, registers },
      collect(): void {
        for (const [kind, state] of Object.entries(gateway.limits().circuits)) this.set({ kind }, CIRCUIT[state]);
      },
    });
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
