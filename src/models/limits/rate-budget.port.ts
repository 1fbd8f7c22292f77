/** What may be asked of a model server in a minute. */
export interface RateLimits {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
}

/** Requests and tokens per minute, one budget for all calls. */
export abstract class RateBudget {
  /**
   * Takes a request and its tokens, or nothing.
   * @param tokens estimated
   * @returns 0 when it was taken, else the milliseconds after which to ask again
   */
  abstract take(tokens: number): Promise<number>;

  /** Corrects an estimate by what was used; negative for what is given back. */
  abstract settle(moreTokens: number): void;

  /** Nothing of it is used afterwards. */
  abstract close(): Promise<void>;
}
