/**
 * Lets at most `limit` holders in at once. Those who wait are let in in turns by whom they are for, and for each in order of arrival: who
 * asks for much does not hold up who asks for little. A waiter that is aborted leaves the line.
 */
export class FairGate {
  readonly #limit: number;
  /** Lines by whom they are for, the next one first. */
  readonly #lines = new Map<string, Set<() => void>>();
  #active = 0;
  #waiting = 0;

  /** @param limit holders at once, at least 1 */
  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Waits for a place, which is free again when the returned function is called (once or more), or as soon as the signal is aborted.
   * @throws the signal's reason if it is aborted before there is a place
   */
  async enter(owner: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#active < this.#limit) this.#active += 1;
    else await this.#wait(owner, signal);
    if (signal.aborted) {
      // It was aborted between its turn and now, so nobody would give the place back.
      this.#leave();
      throw signal.reason as Error;
    }
    let held = true;
    const leave = (): void => {
      signal.removeEventListener('abort', leave);
      if (held) this.#leave();
      held = false;
    };
    signal.addEventListener('abort', leave, { once: true });
    return leave;
  }

  async #wait(owner: string, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const line = this.#lines.get(owner) ?? new Set();
      this.#lines.set(owner, line);
      const admit = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        line.delete(admit);
        this.#waiting -= 1;
        if (line.size === 0) this.#lines.delete(owner);
        reject(signal.reason as Error);
      };
      line.add(admit);
      this.#waiting += 1;
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  #leave(): void {
    const [next] = this.#lines;
    if (next === undefined) {
      this.#active -= 1;
      return;
    }
    // The place passes on, so the count of holders stays; whose turn it was goes behind the others.
    const [owner, line] = next;
    const [admit] = line;
    this.#lines.delete(owner);
    if (admit === undefined) return;
    line.delete(admit);
    this.#waiting -= 1;
    if (line.size > 0) this.#lines.set(owner, line);
    admit();
  }
}
