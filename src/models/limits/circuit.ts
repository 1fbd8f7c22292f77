import { BrokenCircuitError, circuitBreaker, type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, ExponentialBackoff, handleWhen } from 'cockatiel';
import { ModelError } from '../models.errors.ts';

/** So many attempts in a row must fail because the server is away. */
const FAILURES = 10;
/** Then one attempt is let through after this, and after longer each time it fails. */
const FIRST_TRY_MS = 1000;
const LONGEST_TRY_MS = 30_000;

export type CircuitName = 'closed' | 'open' | 'half-open';

/** Keeps calls from a model server that is away, so that they fail at once, and lets one through now and then to find out. */
export class Circuit {
  readonly #policy: CircuitBreakerPolicy = circuitBreaker(handleWhen(isAway), {
    halfOpenAfter: new ExponentialBackoff({ initialDelay: FIRST_TRY_MS, maxDelay: LONGEST_TRY_MS }),
    breaker: new ConsecutiveBreaker(FAILURES),
  });

  /** @param say told when it opens and closes */
  constructor(say: (message: string) => void) {
    this.#policy.onBreak(() => { say('the model server is away; calls to it fail at once until it answers again'); });
    this.#policy.onReset(() => { say('the model server answers again'); });
  }

  get state(): CircuitName {
    if (this.#policy.state === CircuitState.HalfOpen) return 'half-open';
    return this.#policy.state === CircuitState.Closed ? 'closed' : 'open';
  }

  /** @throws ModelError `model-unavailable`, retryable, without an attempt while the server is known to be away */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      return await this.#policy.execute(attempt);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new ModelError('model-unavailable', 'The model server has not answered the last calls, so none is made for the moment.', {
        retryable: true,
        cause: error,
        remedy: 'Check that the server is running; calls are tried again by themselves.',
      });
    }
  }
}

/** What the server refuses, even for being too much, shows that it is there. */
function isAway(error: unknown): boolean {
  return error instanceof ModelError && (error.code === 'model-unavailable' || error.code === 'model-timeout');
}
