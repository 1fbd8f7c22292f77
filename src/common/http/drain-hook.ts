import type { FastifyReply, FastifyRequest } from 'fastify';
import { ShutdownService } from '../lifecycle/shutdown.service.ts';

/** Whether a request asks how the service is; that is answered to the last. */
export function isProbe(request: FastifyRequest): boolean {
  return /^\/health(?:[/?]|$)/.test(request.url);
}

/**
 * Fastify's first hook for every request: counts it until its connection has taken or lost the answer, and refuses it once a stop
 * has begun.
 * @throws RequestError `shutting-down`
 */
export function drainHook(shutdown: ShutdownService): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return (request, reply) => {
    if (isProbe(request)) return Promise.resolve();
    if (shutdown.stopping) {
      // Whoever keeps the connection alive shall open the next one elsewhere.
      reply.header('connection', 'close');
      return Promise.reject(ShutdownService.refusal());
    }
    reply.raw.once('close', shutdown.requests.enter());
    return Promise.resolve();
  };
}
