/** How a pool works. */
export interface PoolOptions {
  /** Items under work at once, 1 to 50. */
  readonly workers: number;
  /** `input`: results in the order of the items; `done`: each as soon as it is there. */
  readonly order: 'input' | 'done';
  readonly signal?: AbortSignal | undefined;
  /** Told after each item that has ended. */
  readonly onProgress?: (figures: PoolFigures) => void;
}

/** What a pool has done and holds. */
export interface PoolFigures {
  readonly running: number;
  /** Items that wait for a worker, and results that wait for their reader. */
  readonly waiting: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** What became of one item; `error` is what was thrown, with its stack. */
export type PoolOutcome<T, R> = { readonly index: number; readonly item: T } & (
  | { readonly ok: true; readonly value: R }
  | { readonly ok: false; readonly error: unknown }
);

export const MAX_WORKERS = 50;
/** Beside each worker so many items wait. */
const QUEUE_PER_WORKER = 2;

/**
 * Does the same work on many items, a bounded number at once. The producer is asked for an item only when there is room for it: with `n`
 * workers at most `3 n` items are held, those included whose result nobody has taken yet. An item that fails costs only itself. When
 * the reader leaves, the signal is aborted or the producer fails, what is under way is told to stop and waited for.
 * @throws RangeError unless `workers` is a whole number of 1 to 50; the producer's error, behind the results of what it gave; the
 * signal's reason
 */
export function poolOf<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  work: (item: T, signal: AbortSignal) => Promise<R>,
  options: PoolOptions,
): AsyncGenerator<PoolOutcome<T, R>, void, undefined> {
  if (!Number.isInteger(options.workers) || options.workers < 1 || options.workers > MAX_WORKERS) {
    throw new RangeError(`A pool has 1 to ${String(MAX_WORKERS)} workers, not ${String(options.workers)}.`);
  }
  return new PoolRun(items, work, options).results();
}

class PoolRun<T, R> {
  readonly #items: AsyncIterator<T> | Iterator<T>;
  readonly #work: (item: T, signal: AbortSignal) => Promise<R>;
  readonly #options: PoolOptions;
  readonly #stop = new AbortController();
  readonly #queue: { readonly index: number; readonly item: T }[] = [];
  readonly #done = new Map<number, PoolOutcome<T, R>>();
  readonly #counts = { running: 0, succeeded: 0, failed: 0 };
  #pulled = 0;
  #taken = 0;
  #pulling = false;
  #ended = false;
  #fault: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(items: AsyncIterable<T> | Iterable<T>, work: (item: T, signal: AbortSignal) => Promise<R>, options: PoolOptions) {
    this.#items = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
    this.#work = work;
    this.#options = options;
  }

  async *results(): AsyncGenerator<PoolOutcome<T, R>, void, undefined> {
    const { signal } = this.#options;
    const follow = (): void => {
      this.#stop.abort(signal?.reason);
      this.#notify();
    };
    signal?.addEventListener('abort', follow, { once: true });
    try {
      signal?.throwIfAborted();
      for (let next = await this.#next(); next !== undefined; next = await this.#next()) yield next;
      if (this.#fault !== undefined) throw this.#fault.error;
    } finally {
      signal?.removeEventListener('abort', follow);
      await this.#close();
    }
  }

  async #next(): Promise<PoolOutcome<T, R> | undefined> {
    for (;;) {
      this.#options.signal?.throwIfAborted();
      const outcome = this.#take();
      this.#fill();
      if (outcome !== undefined) return outcome;
      if (this.#ended && this.#taken === this.#pulled) return undefined;
      await this.#change();
    }
  }

  #take(): PoolOutcome<T, R> | undefined {
    const index = this.#options.order === 'input' ? this.#taken : this.#done.keys().next().value;
    const outcome = index === undefined ? undefined : this.#done.get(index);
    if (outcome === undefined) return undefined;
    this.#done.delete(outcome.index);
    this.#taken += 1;
    return outcome;
  }

  /** Puts idle workers to work and asks the producer for more while there is room. */
  #fill(): void {
    if (this.#stop.signal.aborted) return;
    while (this.#counts.running < this.#options.workers) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      void this.#run(next.index, next.item);
    }
    const room = this.#pulled - this.#taken < (1 + QUEUE_PER_WORKER) * this.#options.workers;
    if (room && !this.#pulling && !this.#ended) void this.#pull();
  }

  async #pull(): Promise<void> {
    this.#pulling = true;
    try {
      const step = await this.#items.next();
      if (step.done === true) this.#ended = true;
      else {
        this.#queue.push({ index: this.#pulled, item: step.value });
        this.#pulled += 1;
      }
    } catch (error) {
      this.#ended = true;
      this.#fault = { error };
    }
    this.#pulling = false;
    this.#fill();
    this.#notify();
  }

  async #run(index: number, item: T): Promise<void> {
    this.#counts.running += 1;
    let outcome: PoolOutcome<T, R>;
    try {
      outcome = { index, item, ok: true, value: await this.#work(item, this.#stop.signal) };
      this.#counts.succeeded += 1;
    } catch (error) {
      outcome = { index, item, ok: false, error };
      this.#counts.failed += 1;
    }
    this.#counts.running -= 1;
    this.#done.set(index, outcome);
    this.#fill();
    this.#options.onProgress?.({ ...this.#counts, waiting: this.#queue.length + this.#done.size });
    this.#notify();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  async #close(): Promise<void> {
    const stopped = new DOMException('The pool has ended.', 'AbortError');
    if (this.#counts.running > 0 || !this.#ended) this.#stop.abort(stopped);
    this.#queue.length = 0;
    while (this.#counts.running > 0 || this.#pulling) await this.#change();
    if (this.#ended) return;
    this.#ended = true;
    await this.#items.return?.();
  }
}
