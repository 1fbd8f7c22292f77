import type { Clock } from '../../common/clock/clock.port.ts';
import { abortable } from '../../common/concurrency/abortable.ts';
import { Gate } from '../../common/concurrency/gate.ts';
import { InFlight } from '../../common/lifecycle/in-flight.ts';
import type { PoolWatch } from '../../common/pools/pool-watch.ts';
import { notAnswered, poolExhausted } from './neo4j-failure.ts';

/** Why a time limit is lifted; one for all, because an error of its own would take a stack each time. */
const CANCELLED = new DOMException('It came in time.', 'AbortError');

/** How many calls there may be at once, and how long each may wait. */
export interface CallLimits {
  /** Calls at the server at once. */
  readonly places: number;
  /** Milliseconds a call waits for a place at most. */
  readonly waitMs: number;
  readonly clock: Clock;
  /** Is shown how many places are taken. */
  readonly watch: PoolWatch;
}

/** When a call is given up by its caller. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from its start at the server until it is given up; left out: it runs as long as it takes. */
  readonly deadlineMs?: number;
}

/**
 * The calls under way. Whoever waits for one is told at once when it is given up; its place is free only when it has ended in truth,
 * because until then it holds a connection.
 */
export class Neo4jCalls {
  readonly #gate: Gate;
  readonly #limits: CallLimits;
  readonly #underWay = new InFlight();
  readonly #stops = new Set<AbortController>();
  readonly #inLine = new Set<AbortController>();
  #waitedMs = 0;
  #heardMs = 0;

  constructor(limits: CallLimits) {
    this.#limits = limits;
    this.#gate = new Gate(limits.places);
  }

  /** Calls that hold a place. */
  get active(): number {
    return this.#gate.active;
  }

  /** Calls that wait for a place. */
  get waiting(): number {
    return this.#gate.waiting;
  }

  /** Milliseconds that all calls since the start waited for a place. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** Milliseconds for which calls have been under way and none has ended; 0 when none is under way. */
  get silentMs(): number {
    return this.count === 0 ? 0 : this.#limits.clock.monotonic() - this.#heardMs;
  }

  /** Calls that wait, or hold a place. */
  get count(): number {
    return this.#underWay.count;
  }

  /**
   * @param work is told by its signal when nobody waits for it any longer, and must then end as soon as it can
   * @throws the reason of `signal`; StorageError `store-pool-exhausted`, or `store-unavailable` after `deadlineMs`; what the work throws
   */
  async run<T>(work: (stop: AbortSignal) => Promise<T>, { signal, deadlineMs }: CallOptions = {}): Promise<T> {
    const stop = new AbortController();
    const follow = (): void => {
      stop.abort(signal?.reason);
    };
    if (signal?.aborted === true) follow();
    signal?.addEventListener('abort', follow, { once: true });
    this.#stops.add(stop);
    if (this.count === 0) this.#heardMs = this.#limits.clock.monotonic();
    try {
      return await abortable(this.#underWay.run(() => this.#placed(work, stop, deadlineMs)), stop.signal);
    } finally {
      signal?.removeEventListener('abort', follow);
      this.#stops.delete(stop);
    }
  }

  /** Resolves when nothing is under way. */
  drained(): Promise<void> {
    return this.#underWay.drained();
  }

  /** Tells everyone who waits that there will be no answer. */
  cut(reason: Error): void {
    for (const stop of [...this.#stops]) stop.abort(reason);
  }

  /** Tells those who wait for a place that they will get none. */
  refuseWaiting(reason: Error): void {
    for (const stop of [...this.#inLine]) stop.abort(reason);
  }

  async #placed<T>(work: (stop: AbortSignal) => Promise<T>, stop: AbortController, deadlineMs: number | undefined): Promise<T> {
    const admitted = this.#patience(stop);
    this.#inLine.add(stop);
    try {
      return await this.#gate.run(async () => {
        admitted();
        this.#inLine.delete(stop);
        this.#show();
        return await this.#within(deadlineMs, stop, work);
      }, stop.signal);
    } finally {
      admitted();
      this.#inLine.delete(stop);
      this.#heardMs = this.#limits.clock.monotonic();
      this.#show();
    }
  }

  /** Gives a call up that waits too long for a place, unless the returned function is called before. */
  #patience(stop: AbortController): () => void {
    const { places, waitMs, clock } = this.#limits;
    if (this.#gate.active < Math.max(1, places)) return () => undefined;
    const start = clock.monotonic();
    const cancel = this.#timer(waitMs, () => {
      stop.abort(poolExhausted());
    });
    let waits = true;
    return () => {
      if (waits) this.#waitedMs += clock.monotonic() - start;
      waits = false;
      cancel();
    };
  }

  async #within<T>(deadlineMs: number | undefined, stop: AbortController, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    if (deadlineMs === undefined) return await work(stop.signal);
    const inTime = this.#timer(deadlineMs, () => {
      stop.abort(notAnswered());
    });
    try {
      return await work(stop.signal);
    } finally {
      inTime();
    }
  }

  #show(): void {
    this.#limits.watch.observe({ active: this.active, size: this.#limits.places, waiting: this.waiting });
  }

  /** Calls back after a while unless it is cancelled by the returned function. */
  #timer(ms: number, callBack: () => void): () => void {
    const cancelled = new AbortController();
    this.#limits.clock.sleep(ms, cancelled.signal).then(callBack, () => undefined);
    return () => {
      cancelled.abort(CANCELLED);
    };
  }
}
