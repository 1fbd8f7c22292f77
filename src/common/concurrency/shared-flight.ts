import { abortable } from './abortable.ts';

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  callers: number;
}

/**
 * Concurrent callers of one key share one run of the work. A caller that is aborted leaves alone; only when the last one has left
 * is the work told to stop, and then the key is free at once.
 */
export class SharedFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Keys under way. */
  get size(): number {
    return this.#flights.size;
  }

  /**
   * @param work gets a signal of its own, aborted when nobody waits any longer
   * @throws the reason of `signal` as soon as it is aborted; else what the work throws
   */
  async run(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.callers += 1;
    try {
      return await abortable(flight.result, signal);
    } finally {
      flight.callers -= 1;
      if (flight.callers === 0) this.#end(key, flight);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { controller, result: work(controller.signal), callers: 0 };
    this.#flights.set(key, flight);
    const landed = (): void => {
      this.#forget(key, flight);
    };
    // Whoever waits sees a failure itself; here it only must not count as unhandled when nobody does any longer.
    flight.result.then(landed, landed);
    return flight;
  }

  #end(key: string, flight: Flight<T>): void {
    if (!this.#forget(key, flight)) return;
    flight.controller.abort();
  }

  /** True if the flight was still the one under this key. */
  #forget(key: string, flight: Flight<T>): boolean {
    return this.#flights.get(key) === flight && this.#flights.delete(key);
  }
}
