import type { FastifyRequest } from 'fastify';
import type { Principal, Role } from './principal.types.ts';

/** A request as handlers see it, after the guard. */
export interface AuthenticatedRequest extends FastifyRequest {
  /** Absent on a public route that was called without credentials. */
  principal?: Principal;
  /** The role that the called handler declares to need. */
  requiredRole?: Role;
}
