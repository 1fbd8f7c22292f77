import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Requires } from '../../auth/requires.decorator.ts';
import { MetricsRegistry } from '../metrics-registry.service.ts';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsRegistry) {}

  /** In Prometheus' text format. The figures tell of all workspaces, so they are the instance admin's. */
  @Get()
  @Requires('instance-admin')
  async read(@Res() reply: FastifyReply): Promise<void> {
    const { registry } = this.metrics;
    await reply.header('content-type', registry.contentType).send(await registry.metrics());
  }
}
