import type { Clock } from '../common/clock/clock.port.ts';
import { ModelError } from './models.errors.ts';

/** Made once: an error of its own for each call that ends would cost more than the rest of the end. */
const ENDED = new DOMException('The call has ended.', 'AbortError');

/**
 * The signal and the deadline of one call. The signal is aborted by whichever comes first: a source (a caller that leaves, a client
 * that closes), the deadline, or the call's end; its reason says which.
 */
export class CallScope {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #ended = new AbortController();
  readonly #unlink: (() => void)[] = [];
  #due: number | undefined;
  #limitMs = 0;
  #heldMs = Number.POSITIVE_INFINITY;
  #watching = false;
  /** What the last attempt failed with; the cause of a deadline's error. */
  lastFailure: unknown;

  constructor(clock: Clock, sources: readonly (AbortSignal | undefined)[]) {
    this.#clock = clock;
    for (const source of sources) this.#follow(source);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds to the deadline; infinite while there is none. */
  get leftMs(): number {
    return this.#due === undefined ? Number.POSITIVE_INFINITY : this.#due - this.#clock.monotonic();
  }

  /** Puts the deadline `ms` milliseconds from now, in place of any before. */
  limit(ms: number): void {
    this.#limitMs = ms;
    this.#due = this.#clock.monotonic() + ms;
    if (!this.#watching) void this.#watch();
  }

  /** Takes the deadline away until the next `limit`. */
  lift(): void {
    this.#due = undefined;
  }

  /** Stops the time until `release`. */
  hold(): void {
    this.#heldMs = this.leftMs;
    this.#due = undefined;
  }

  release(): void {
    if (!Number.isFinite(this.#heldMs)) return;
    this.#due = this.#clock.monotonic() + this.#heldMs;
    if (!this.#watching) void this.#watch();
  }

  /** Ends the scope: nothing aborts it any more from outside, and whatever still runs under its signal is cancelled. */
  end(): void {
    for (const unlink of this.#unlink.splice(0)) unlink();
    this.#ended.abort(ENDED);
    this.#controller.abort(ENDED);
  }

  #follow(source: AbortSignal | undefined): void {
    if (source === undefined) return;
    const abort = (): void => {
      this.#controller.abort(source.reason);
    };
    if (source.aborted) abort();
    else source.addEventListener('abort', abort, { once: true });
    this.#unlink.push(() => {
      source.removeEventListener('abort', abort);
    });
  }

  /** One sleep at a time, however often the deadline is moved: a stream moves it with every token. */
  async #watch(): Promise<void> {
    this.#watching = true;
    try {
      while (this.#due !== undefined && this.leftMs > 0) await this.#clock.sleep(this.leftMs, this.#ended.signal);
      if (this.#due !== undefined) this.#controller.abort(this.#timeout());
    } catch {
      // The scope ended during the sleep.
    } finally {
      this.#watching = false;
    }
  }

  #timeout(): ModelError {
    return new ModelError('model-timeout', `The model server did not answer within ${String(this.#limitMs / 1000)} s.`, {
      retryable: true,
      remedy: 'Try again; if its answers take that long, raise RAG_CONNECTION_TIMEOUT or INGEST_CALL_TIMEOUT.',
      cause: this.lastFailure,
    });
  }
}
