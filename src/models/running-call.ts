import { abortable } from '../common/concurrency/abortable.ts';
import { type RetryPolicy, retry } from '../common/retry/retry.ts';
import { modelDefaults } from '../config/model-defaults.ts';
import { CallScope } from './call-scope.ts';
import type { GatewayCore } from './gateway-core.types.ts';
import { ModelError } from './models.errors.ts';
import { NO_USAGE, reportedUsage } from './model-usage.ts';
import type { BodyOf, Lane, ModelCall, ModelUsage } from './models.types.ts';

const ATTEMPTS: Readonly<Record<Lane, Pick<RetryPolicy, 'attempts' | 'baseMs' | 'capMs'>>> = {
  // Someone waits: two more attempts, soon. The deadline ends long waits anyway.
  interactive: { attempts: 3, baseMs: 250, capMs: 30_000 },
  // A server that says it is asked too much will answer later; one that is away gets fewer attempts.
  bulk: { attempts: 20, baseMs: 500, capMs: 60_000 },
};
/** Attempts of a call at a server that is away or breaks off. */
const ATTEMPTS_AWAY = 6;

/** One call on its way: its place in the lane, its deadline, its attempts, and the record of how it ended. */
export class RunningCall {
  readonly #core: GatewayCore;
  readonly #call: ModelCall;
  readonly #scope: CallScope;
  readonly #startedMs: number;
  #retries = 0;
  #failures = 0;
  #estimate = 0;
  #recorded = false;

  /**
   * @param closing aborted when the client's time is over
   * @param ended called once, as soon as the call is over or given up
   */
  constructor(core: GatewayCore, call: ModelCall, closing: AbortSignal, ended: () => void) {
    this.#core = core;
    this.#call = call;
    this.#startedMs = core.clock.monotonic();
    this.#scope = new CallScope(core.clock, [call.context.signal, closing]);
    this.#scope.signal.addEventListener('abort', ended, { once: true });
    if (this.#scope.signal.aborted) ended();
    else if (call.context.lane === 'interactive') this.resumeDeadline();
  }

  /** Waits for a place in the lane. It is free again as soon as the call ends or is given up. */
  async enter(): Promise<void> {
    const { kind, context } = this.#call;
    await this.#core.schedulers[kind].enter(context.lane, context.workspaceUid, this.#scope.signal);
  }

  /** Makes the call, without what the server is known to refuse, again where that can help. */
  send<T>(body: BodyOf, attempt: (body: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, ids, parts } = this.#core;
    const { signal } = this.#scope;
    return parts.send(this.#call, (refused) => {
      const asked = body(refused);
      return retry(
        async (nth) => {
          if (nth > 1) this.#retries += 1;
          await this.#admitted(asked);
          return await this.#attempt(() => attempt(asked, signal));
        },
        this.#policy(),
        { clock, ids, signal },
      );
    });
  }

  /** Waits until the limits of the server let an attempt go. The time of a bulk call does not run meanwhile. */
  async #admitted(body: Readonly<Record<string, unknown>>): Promise<void> {
    const { admission, config, estimates } = this.#core;
    const { lane } = this.#call.context;
    this.#estimate = config.tokensPerMinute === undefined ? 0 : estimates.of(this.#call, body);
    if (lane === 'bulk') this.#scope.hold();
    await admission.admit({ lane, tokens: this.#estimate }, this.#scope.signal);
    if (lane !== 'bulk') return;
    if (this.#retries === 0) this.resumeDeadline();
    else this.#scope.release();
  }

  async #attempt<T>(attempt: () => Promise<T>): Promise<T> {
    const { admission, circuits } = this.#core;
    const { kind, context } = this.#call;
    try {
      const result = await circuits[kind].run(() => this.guarded(attempt));
      admission.ended(context.lane, false);
      return result;
    } catch (error) {
      if (error instanceof ModelError) admission.ended(context.lane, error.code === 'model-rate-limited');
      throw error;
    }
  }

  /** Runs a step of the call; rejects as soon as the call is given up, whatever becomes of the step. */
  async guarded<T>(step: () => Promise<T>): Promise<T> {
    const { signal } = this.#scope;
    signal.throwIfAborted();
    try {
      return await abortable(step(), signal);
    } catch (error) {
      this.#scope.lastFailure = error;
      throw error;
    }
  }

  /** The server's time does not run while the reader of a stream takes its own. */
  pauseDeadline(): void {
    this.#scope.lift();
  }

  resumeDeadline(): void {
    const { interactiveTimeoutMs, bulkTimeoutMs } = this.#core.config;
    const { lane, timeoutMs = Number.POSITIVE_INFINITY } = this.#call.context;
    this.#scope.limit(Math.min(timeoutMs, lane === 'bulk' ? bulkTimeoutMs : interactiveTimeoutMs));
  }

  usageOf(body: unknown): ModelUsage | undefined {
    return reportedUsage(body, this.#call.model, modelDefaults().prices);
  }

  succeeded(usage: ModelUsage | undefined): void {
    if (usage !== undefined && this.#estimate > 0) {
      this.#core.admission.settle(usage.promptTokens + usage.completionTokens - this.#estimate);
      this.#core.estimates.learn(this.#call, usage);
    }
    this.#record({ usage: usage ?? NO_USAGE });
  }

  /** Records the failure and returns what to throw: why the call was given up, if it was. */
  failed(error: unknown): unknown {
    const { signal } = this.#scope;
    const shown: unknown = signal.aborted ? signal.reason : error;
    this.#record({ error: shown });
    return shown;
  }

  /** Ends the call; one that neither succeeded nor failed was left by its reader. */
  end(): void {
    this.#record({ error: undefined });
    this.#scope.end();
  }

  #record(result: { readonly usage: ModelUsage } | { readonly error: unknown }): void {
    if (this.#recorded) return;
    this.#recorded = true;
    const { clock, records, ledger } = this.#core;
    const { kind, context, model } = this.#call;
    const latencyMs = clock.monotonic() - this.#startedMs;
    const usage = 'usage' in result ? { usage: result.usage } : {};
    ledger?.call({ workspaceUid: context.workspaceUid, operation: context.operation, model }, { retries: this.#retries, latencyMs, ...usage });
    records.record({ kind, lane: context.lane, latencyMs, retries: this.#retries, at: clock.now(), result });
  }

  #policy(): RetryPolicy {
    const limits = ATTEMPTS[this.#call.context.lane];
    const retryAfterMs = (error: unknown): number | undefined => (error instanceof ModelError ? error.retryAfterMs : undefined);
    return {
      ...limits,
      retryAfterMs,
      // A wait past the deadline only delays the same answer.
      isRetryable: (error) => {
        if (!(error instanceof ModelError) || !error.retryable) return false;
        if (error.code !== 'model-rate-limited') this.#failures += 1;
        return this.#failures < ATTEMPTS_AWAY && Math.min(limits.capMs, retryAfterMs(error) ?? 0) < this.#scope.leftMs;
      },
    };
  }
}
