import type { Clock } from '../clock/clock.port.ts';
import type { IdSource } from '../clock/id-source.port.ts';

/** When and how long to wait between attempts. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Upper bound of the first wait, in milliseconds; it doubles with each attempt. */
  readonly baseMs: number;
  /** No wait is longer, in milliseconds, whatever a server asks for. */
  readonly capMs: number;
  readonly isRetryable: (error: unknown) => boolean;
  /** The wait a server asked for, in milliseconds, if the error tells one. */
  readonly retryAfterMs?: (error: unknown) => number | undefined;
}

/** What a retry needs from its surroundings. */
export interface RetryContext {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly signal?: AbortSignal;
}

/**
 * The wait before attempt `attempt + 1`: what the server asked for under the cap, else exponential backoff with full jitter
 * (M. Brooker, "Exponential Backoff And Jitter", 2015: a uniform draw from [0, min(cap, base · 2^attempt)]).
 * @param attempt attempts made so far, from 1
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, error: unknown, random: number): number {
  const asked = policy.retryAfterMs?.(error);
  if (asked !== undefined) return Math.min(policy.capMs, Math.max(0, asked));
  return random * Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
}

/**
 * Runs `work` until it succeeds, fails for good or the attempts are used up; the last error is thrown as it is.
 * @throws the signal's reason as soon as it is aborted.
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, policy: RetryPolicy, context: RetryContext): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    context.signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      context.signal?.throwIfAborted();
      if (attempt >= policy.attempts || !policy.isRetryable(error)) throw error;
      await context.clock.sleep(retryDelayMs(policy, attempt, error, context.ids.random()), context.signal);
    }
  }
}
