import type { Clock } from '../../common/clock/clock.port.ts';
import type { Lane } from '../models.types.ts';
import { AdaptiveRate } from './adaptive-rate.ts';
import type { LimitState } from './limit-headers.ts';
import type { RateBudget } from './rate-budget.port.ts';

/** After so many interactive calls a bulk call that waits gets its turn. */
const INTERACTIVE_IN_A_ROW = 4;
/** However long a server wants all calls to wait. */
const LONGEST_PAUSE_MS = 60_000;
/** A limit of which less than this share is left is near; it is said no more than once in a while. */
const NEAR = 0.1;
const SAY_EVERY_MS = 60_000;
/** A wait is looked at anew after this, because others may have given something back. */
const LONGEST_LOOK_MS = 1000;

/** A call that wants to be sent. */
export interface AdmissionRequest {
  readonly lane: Lane;
  /** Estimated, of prompt and answer together. */
  readonly tokens: number;
}

/** How calls wait for the limits of the server. */
export interface AdmissionFigures {
  readonly waiting: Readonly<Record<Lane, number>>;
  /** Milliseconds for which the server wants no call at all. */
  readonly pausedMs: number;
  /** Bulk calls a second at most; nothing while there is no such bound. */
  readonly bulkPerSecond: number | undefined;
}

interface Waiting extends AdmissionRequest {
  readonly admit: () => void;
}

/**
 * Lets attempts go to the server within its limits: a budget of requests and tokens per minute, what the server itself says is left, and
 * a lower rate for bulk calls after sustained refusals. Interactive calls come first, but bulk calls never starve.
 */
export class Admission {
  readonly #clock: Clock;
  readonly #say: (message: string) => void;
  readonly #rate = new AdaptiveRate();
  readonly #lines: Readonly<Record<Lane, Set<Waiting>>> = { interactive: new Set(), bulk: new Set() };
  #budget: RateBudget | undefined;
  #inARow = 0;
  #pausedUntilMs = 0;
  #saidMs = Number.NEGATIVE_INFINITY;
  #working = false;
  #look: AbortController | undefined;

  /** @param say told when a limit is near or the rate changes */
  constructor(clock: Clock, say: (message: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  /** Calls are counted by this budget from now on. */
  use(budget: RateBudget): void {
    this.#budget = budget;
  }

  /** Resolves when the call may be sent. @throws the signal's reason if it is aborted before */
  async admit(request: AdmissionRequest, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const line = this.#lines[request.lane];
      const waiting: Waiting = {
        ...request,
        admit: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = (): void => {
        line.delete(waiting);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      line.add(waiting);
      this.#look?.abort();
      if (!this.#working) void this.#work();
    });
  }

  /** @param refused whether the server said that there are too many calls */
  ended(lane: Lane, refused: boolean): void {
    if (lane !== 'bulk') return;
    if (!this.#rate.ended(refused, this.#clock.monotonic())) return;
    this.#say(`the model server keeps refusing calls as too many; bulk calls are slowed down to ${(this.#rate.perSecond ?? 0).toFixed(1)} a second`);
  }

  /** Corrects an estimate of tokens by what was used. */
  settle(moreTokens: number): void {
    this.#budget?.settle(moreTokens);
  }

  /** Takes what the server says is left: when nothing is, nobody asks before it is whole again. */
  observe(states: readonly LimitState[]): void {
    for (const { of, remaining, limit, resetMs } of states) {
      if (remaining <= 0 && resetMs > 0) this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.monotonic() + Math.min(resetMs, LONGEST_PAUSE_MS));
      if (limit !== undefined && remaining < limit * NEAR) this.#sayNear(`the model server's limit of ${of} is near: ${String(remaining)} of ${String(limit)} are left`);
    }
  }

  figures(): AdmissionFigures {
    return {
      waiting: { interactive: this.#lines.interactive.size, bulk: this.#lines.bulk.size },
      pausedMs: Math.max(0, this.#pausedUntilMs - this.#clock.monotonic()),
      bulkPerSecond: this.#rate.perSecond,
    };
  }

  async close(): Promise<void> {
    await this.#budget?.close();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const waitMs = await this.#tryTo(next);
      if (waitMs > 0) await this.#rest(waitMs);
    }
    this.#working = false;
  }

  /** Whose turn it is. */
  #next(): Waiting | undefined {
    const [interactive] = this.#lines.interactive;
    const [bulk] = this.#lines.bulk;
    if (interactive === undefined) return bulk;
    return bulk !== undefined && this.#inARow >= INTERACTIVE_IN_A_ROW ? bulk : interactive;
  }

  /** Lets the call go, or tells how long to wait. */
  async #tryTo(waiting: Waiting): Promise<number> {
    const now = this.#clock.monotonic();
    const heldMs = Math.max(this.#pausedUntilMs - now, waiting.lane === 'bulk' ? this.#rate.waitMs(now) : 0);
    if (heldMs > 0) return heldMs;
    const budgetMs = this.#budget === undefined ? 0 : await this.#budget.take(waiting.tokens);
    if (budgetMs > 0) {
      this.#sayNear(`the limit of requests or tokens per minute is reached: ${String(this.#lines.interactive.size + this.#lines.bulk.size)} calls wait for it`);
      return budgetMs;
    }
    // It may have left meanwhile; then its share is lost, which errs to the safe side.
    if (!this.#lines[waiting.lane].delete(waiting)) return 0;
    this.#inARow = waiting.lane === 'interactive' ? this.#inARow + 1 : 0;
    if (waiting.lane === 'bulk') this.#rate.started(this.#clock.monotonic());
    waiting.admit();
    return 0;
  }

  /** Until something may have changed: time, or who waits. */
  async #rest(ms: number): Promise<void> {
    const look = new AbortController();
    this.#look = look;
    await this.#clock.sleep(Math.min(ms, LONGEST_LOOK_MS), look.signal).catch(() => undefined);
    this.#look = undefined;
  }

  #sayNear(message: string): void {
    const now = this.#clock.monotonic();
    if (now - this.#saidMs < SAY_EVERY_MS) return;
    this.#saidMs = now;
    this.#say(message);
  }
}
