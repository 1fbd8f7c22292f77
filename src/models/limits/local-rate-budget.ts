import type { Clock } from '../../common/clock/clock.port.ts';
import { RateBudget, type RateLimits } from './rate-budget.port.ts';
import { TokenBucket } from './token-bucket.ts';

/** Requests flow evenly: after a rest no more than a second's worth at once. */
const REQUESTS_BURST_SECONDS = 1;
/** Calls differ in their tokens, so there is more room for them. */
const TOKENS_BURST_SECONDS = 10;

/** The budget of this process alone, or its share of one. */
export class LocalRateBudget extends RateBudget {
  readonly #clock: Clock;
  readonly #limits: RateLimits;
  #requests: TokenBucket | undefined;
  #tokens: TokenBucket | undefined;
  #share = 1;

  constructor(limits: RateLimits, clock: Clock) {
    super();
    this.#limits = limits;
    this.#clock = clock;
    this.#open();
  }

  /** @param share of the limits that is this process's, 0 to 1 */
  divide(share: number): void {
    if (share === this.#share) return;
    this.#share = share;
    this.#open();
  }

  override take(tokens: number): Promise<number> {
    const now = this.#clock.monotonic();
    const wait = Math.max(this.#requests?.waitMs(1, now) ?? 0, this.#tokens?.waitMs(tokens, now) ?? 0);
    if (wait === 0) {
      this.#requests?.take(1, now);
      this.#tokens?.take(tokens, now);
    }
    return Promise.resolve(wait);
  }

  override settle(moreTokens: number): void {
    const now = this.#clock.monotonic();
    if (moreTokens > 0) this.#tokens?.take(moreTokens, now);
    else this.#tokens?.give(-moreTokens, now);
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  #open(): void {
    const now = this.#clock.monotonic();
    const { requestsPerMinute, tokensPerMinute } = this.#limits;
    const bucket = (perMinute: number | undefined, burstSeconds: number): TokenBucket | undefined => {
      if (perMinute === undefined) return undefined;
      const own = perMinute * this.#share;
      return new TokenBucket(own, Math.max(1, (own * burstSeconds) / 60), now);
    };
    this.#requests = bucket(requestsPerMinute, REQUESTS_BURST_SECONDS);
    this.#tokens = bucket(tokensPerMinute, TOKENS_BURST_SECONDS);
  }
}
