import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Gauge, Histogram } from 'prom-client';
import { ShutdownService } from '../common/lifecycle/shutdown.service.ts';
import { MetricsRegistry } from './metrics-registry.service.ts';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Measures every request: how many are under way, and how long each took by method, route and status. */
@Injectable()
export class HttpMetrics implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly metrics: MetricsRegistry,
    private readonly shutdown: ShutdownService,
  ) {}

  onModuleInit(): void {
    const { registry } = this.metrics;
    const duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS_SECONDS,
      registers: [registry],
    });
    const { requests } = this.shutdown;
    new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests and streams under way.',
      registers: [registry],
      collect() {
        this.set(requests.count);
      },
    });
    const fastify = this.host.httpAdapter.getInstance();
    fastify.addHook('onRequest', (request, reply, done) => {
      // On the response itself, because a stream's answer does not end where Fastify's hooks see it.
      reply.raw.once('close', () => {
        // The route's pattern, not the address: ids in it would make a series each.
        const labels = { method: request.method, route: request.routeOptions.url ?? 'unmatched', status: String(reply.raw.statusCode) };
        duration.observe(labels, reply.elapsedTime / 1000);
      });
      done();
    });
  }
}
