import type { FastifyRequest } from 'fastify';

/** The key or token of a request's `Authorization: Bearer`, if it has one. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}
