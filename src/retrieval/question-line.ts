import type { Clock } from '../common/clock/clock.port.ts';
import { Gate } from '../common/concurrency/gate.ts';
import { StorageError } from '../storage/storage.errors.ts';

/** A question waits so long, in milliseconds, before it is looked whether the line moves at all. */
const PATIENCE_MS = 1500;
/** In a line that moves it waits at most so long. */
const LONGEST_MS = 10_000;

/** Why a wait is over; one for all, because an error of its own would take a stack each time. */
const ADMITTED = new DOMException('The question has its turn.', 'AbortError');

/**
 * Lets so many questions at once to the store, the others in order of arrival. While the store answers nobody the line is kept short:
 * otherwise it would be as long as the store's absence, and nobody be answered in time although all is well again.
 */
export class QuestionLine {
  readonly #gate: Gate;
  readonly #clock: Clock;
  #answeredMs = Number.NEGATIVE_INFINITY;

  /** @param atOnce questions at the store at once, at least 1 */
  constructor(atOnce: number, clock: Clock) {
    this.#gate = new Gate(atOnce);
    this.#clock = clock;
  }

  /**
   * Does the work when it is its turn.
   * @throws StorageError `store-busy`, retryable, when it was not its turn within 1.5 s although nobody else was served meanwhile, or
   * within 10 s; the signal's reason when it is aborted before its turn
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (!this.#gate.full) return await this.#gate.run(() => this.#served(work), signal);
    const [late, admitted] = [new AbortController(), new AbortController()];
    this.#watch(late, admitted.signal).catch(() => undefined);
    const begin = (): Promise<T> => {
      admitted.abort(ADMITTED);
      return this.#served(work);
    };
    try {
      return await this.#gate.run(begin, signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]));
    } finally {
      admitted.abort(ADMITTED);
    }
  }

  async #served<T>(work: () => Promise<T>): Promise<T> {
    const result = await work();
    this.#answeredMs = this.#clock.monotonic();
    return result;
  }

  async #watch(late: AbortController, admitted: AbortSignal): Promise<void> {
    const startMs = this.#clock.monotonic();
    for (;;) {
      await this.#clock.sleep(PATIENCE_MS, admitted);
      const nowMs = this.#clock.monotonic();
      if (nowMs - this.#answeredMs < PATIENCE_MS && nowMs - startMs < LONGEST_MS) continue;
      late.abort(new StorageError('store-busy', 'Too many questions wait for the store.', { retryable: true, remedy: 'Ask again in a moment; if this lasts, run more replicas.' }));
      return;
    }
  }
}
