import { Counter, Gauge, type Registry } from 'prom-client';
import type { PoolFigures } from './pool.types.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly read: (figures: PoolFigures) => number;
}

const GAUGES: readonly Metric[] = [
  { name: 'graphrag_pool_size', help: 'Connections at most, by pool', read: ({ size }) => size },
  { name: 'graphrag_pool_active', help: 'Connections in use, by pool', read: ({ active }) => active },
  { name: 'graphrag_pool_idle', help: 'Open connections that are not in use, by pool', read: ({ idle }) => idle },
  { name: 'graphrag_pool_waiting', help: 'Calls that wait for a connection, by pool', read: ({ waiting }) => waiting },
];

const COUNTERS: readonly Metric[] = [
  { name: 'graphrag_pool_acquisitions_total', help: 'Connections handed out, by pool', read: ({ acquisitions }) => acquisitions },
  { name: 'graphrag_pool_acquisition_seconds_total', help: 'Time that calls waited for a connection, by pool', read: ({ acquisitionMs }) => acquisitionMs / 1000 },
  { name: 'graphrag_pool_created_total', help: 'Connections opened, by pool', read: ({ created }) => created },
  { name: 'graphrag_pool_closed_total', help: 'Connections closed, by pool', read: ({ closed }) => closed },
];

/** Adds the figures of all pools to a registry; they are read when it is. */
export function registerPools(registry: Registry, pools: () => Promise<readonly PoolFigures[]>): void {
  for (const { read, ...metric } of GAUGES) {
    new Gauge({
      ...metric,
      labelNames: ['pool'],
      registers: [registry],
      async collect(): Promise<void> {
        for (const figures of await pools()) this.set({ pool: figures.pool }, read(figures));
      },
    });
  }
  for (const { read, ...metric } of COUNTERS) {
    new Counter({
      ...metric,
      labelNames: ['pool'],
      registers: [registry],
      async collect(): Promise<void> {
        const all = await pools();
        this.reset();
        for (const figures of all) this.inc({ pool: figures.pool }, read(figures));
      },
    });
  }
}
