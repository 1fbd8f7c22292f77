import { Gate } from '../common/concurrency/gate.ts';
import type { Lane } from './models.types.ts';

/** The places of one kind of call at one upstream: two lanes, each with its own, so that neither waits for the other. */
export class CallScheduler {
  readonly #lanes: Readonly<Record<Lane, Gate>>;

  /** @param limits calls in flight at once by lane */
  constructor(limits: Readonly<Record<Lane, number>>) {
    this.#lanes = { interactive: new Gate(limits.interactive), bulk: new Gate(limits.bulk) };
  }

  /**
   * Waits for a place, in order of arrival. The place is free again when the returned function is called (once or more), or as soon
   * as the signal is aborted.
   * @throws the signal's reason if it is aborted before there is a place
   */
  enter(lane: Lane, signal: AbortSignal): Promise<() => void> {
    return new Promise((granted, refused) => {
      const hold = (): Promise<void> =>
        new Promise((release) => {
          signal.addEventListener('abort', () => { release(); }, { once: true });
          granted(release);
        });
      this.#lanes[lane].run(hold, signal).catch(refused);
    });
  }

  /** Places taken, and calls waiting for one. */
  load(lane: Lane): { readonly inFlight: number; readonly waiting: number } {
    const { active, waiting } = this.#lanes[lane];
    return { inFlight: active, waiting };
  }
}
