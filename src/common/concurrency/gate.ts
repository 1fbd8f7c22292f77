/** Lets at most `limit` holders in at once; the others wait in order of arrival. A waiter that is aborted leaves the queue. */
export class Gate {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #active = 0;

  /** @param limit holders at once, at least 1 */
  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  get active(): number {
    return this.#active;
  }

  /** Whether the next one would have to wait. */
  get full(): boolean {
    return this.#active >= this.#limit;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Runs `work` as one of at most `limit`.
   * @throws the signal's reason if it is aborted before the work starts; afterwards the work itself is expected to obey it.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!this.full) {
      this.#active += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const admit = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        this.#waiting.delete(admit);
        reject(signal?.reason as Error);
      };
      this.#waiting.add(admit);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #leave(): void {
    const next = this.#waiting.values().next();
    if (next.done === true) {
      this.#active -= 1;
      return;
    }
    // The place passes to the next in line, so the count of holders stays.
    this.#waiting.delete(next.value);
    next.value();
  }
}
