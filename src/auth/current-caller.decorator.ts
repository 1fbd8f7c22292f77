import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Caller } from '../common/http/principal.types.ts';
import type { AuthenticatedRequest } from '../common/http/request.types.ts';
import { AuthError } from './auth.errors.ts';

/** The caller that the guard found, with the role that the handler declared: `@CurrentCaller() caller: Caller`. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { principal, requiredRole } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (principal === undefined) throw AuthError.required();
  return { principal, role: requiredRole ?? 'read' };
});
