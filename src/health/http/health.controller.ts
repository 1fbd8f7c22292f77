import { Controller, Get, Header, HttpStatus, Req, Res } from '@nestjs/common';
import type { HealthCheckResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Public } from '../../auth/public.decorator.ts';
import type { AuthenticatedRequest } from '../../common/http/request.types.ts';
import { ShutdownService } from '../../common/lifecycle/shutdown.service.ts';
import { HealthService } from '../health.service.ts';

/** What Terminus reports with a key, the status alone without one. */
type Shown = HealthCheckResult | { readonly status: string };

@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly shutdown: ShutdownService,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async report(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Shown> {
    return show(await this.health.report(), request, reply);
  }

  /** 200 as long as the process turns its event loop, stopping included: restarting it would help nobody. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live(): Shown {
    return { status: 'ok' };
  }

  /** 503 while questions cannot be answered, and from the first moment of a stop. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Shown> {
    if (!this.shutdown.stopping) return show(await this.health.readiness(), request, reply);
    reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'shutting_down' };
  }
}

function show(result: HealthCheckResult, request: AuthenticatedRequest, reply: FastifyReply): Shown {
  if (result.status !== 'ok' && result.status !== 'degraded') reply.status(HttpStatus.SERVICE_UNAVAILABLE);
  return request.principal === undefined ? { status: result.status } : result;
}
