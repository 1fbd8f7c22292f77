import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import type { AuthenticatedRequest } from '../common/http/request.types.ts';
import { RequestError } from '../common/errors/request.errors.ts';

/** Bounds the requests of one principal, or of one address where nobody is known, over all routes together. Runs after AuthGuard. */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  protected override getTracker(request: AuthenticatedRequest): Promise<string> {
    const { principal } = request;
    return principal === undefined ? super.getTracker(request) : Promise.resolve(principal.subject);
  }

  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    return tracker;
  }

  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    // Probes come from one address and must not be told that the service is ill because they ask often.
    return Promise.resolve(context.switchToHttp().getRequest<AuthenticatedRequest>().url.startsWith('/health'));
  }

  protected override throwThrottlingException(_context: ExecutionContext, { limit, ttl, timeToBlockExpire }: ThrottlerLimitDetail): Promise<void> {
    return Promise.reject(
      new RequestError('too-many-requests', `More than ${String(limit)} requests in ${String(ttl / 1000)} s.`, {
        remedy: 'Wait for the seconds that Retry-After names, or raise THROTTLE_LIMIT.',
        retryable: true,
        details: { retryAfterSeconds: timeToBlockExpire },
      }),
    );
  }
}
