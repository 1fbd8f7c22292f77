import type { Agent, Dispatcher } from 'undici';
import type { Clock } from '../../common/clock/clock.port.ts';
import type { PoolFigures } from '../../common/pools/pool.types.ts';
import type { PoolWatch } from '../../common/pools/pool-watch.ts';

/** Counts what the connections of an undici Agent to one server do. */
export class AgentPool {
  readonly #agent: Agent;
  readonly #size: number;
  readonly #clock: Clock;
  readonly #watch: PoolWatch;
  readonly #counts = { acquisitions: 0, acquisitionMs: 0, created: 0, closed: 0 };

  constructor(agent: Agent, size: number, { clock, watch }: { readonly clock: Clock; readonly watch: PoolWatch }) {
    this.#agent = agent;
    this.#size = size;
    this.#clock = clock;
    this.#watch = watch;
    agent.on('connect', () => (this.#counts.created += 1));
    agent.on('disconnect', () => (this.#counts.closed += 1));
  }

  /** For `compose`: measures how long each request waits for its connection. */
  interceptor(): Dispatcher.DispatcherComposeInterceptor {
    return (dispatch) => (options, handler) => {
      const start = this.#clock.monotonic();
      this.#watch.observe(this.figures());
      const given = (): void => {
        this.#counts.acquisitions += 1;
        this.#counts.acquisitionMs += this.#clock.monotonic() - start;
      };
      return dispatch(options, new WatchedRequest(handler, given));
    };
  }

  figures(): PoolFigures {
    const all = Object.values(this.#agent.stats);
    const sum = (read: (one: (typeof all)[number]) => number | undefined): number => all.reduce((total, one) => total + (read(one) ?? 0), 0);
    const connected = sum((one) => Number(one.connected));
    const active = sum((one) => one.running);
    const waiting = sum((one) => ('queued' in one ? one.queued : one.pending));
    return { pool: 'models', size: this.#size, active, idle: Math.max(0, connected - active), waiting, ...this.#counts };
  }
}

type Handler = Dispatcher.DispatchHandler;
type Told<Event extends keyof Handler> = Parameters<NonNullable<Handler[Event]>>;

/** Passes everything on, and says when the request has got its connection. */
class WatchedRequest implements Handler {
  readonly #handler: Handler;
  readonly #given: () => void;

  constructor(handler: Handler, given: () => void) {
    this.#handler = handler;
    this.#given = given;
  }

  onRequestStart(...told: Told<'onRequestStart'>): void {
    this.#given();
    this.#handler.onRequestStart?.(...told);
  }

  onRequestUpgrade(...told: Told<'onRequestUpgrade'>): void {
    this.#handler.onRequestUpgrade?.(...told);
  }

  onResponseStart(...told: Told<'onResponseStart'>): void {
    this.#handler.onResponseStart?.(...told);
  }

  onResponseData(...told: Told<'onResponseData'>): void {
    this.#handler.onResponseData?.(...told);
  }

  onResponseEnd(...told: Told<'onResponseEnd'>): void {
    this.#handler.onResponseEnd?.(...told);
  }

  onResponseError(...told: Told<'onResponseError'>): void {
    this.#handler.onResponseError?.(...told);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onBodySent(...told: Told<'onBodySent'>): void {
    this.#handler.onBodySent?.(...told);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }
}
