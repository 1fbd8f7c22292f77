import { FairGate } from './limits/fair-gate.ts';
import type { Lane } from './models.types.ts';

/** The places of one kind of call at one upstream: two lanes, each with its own, so that neither waits for the other. */
export class CallScheduler {
  readonly #lanes: Readonly<Record<Lane, FairGate>>;

  /** @param limits calls in flight at once by lane */
  constructor(limits: Readonly<Record<Lane, number>>) {
    this.#lanes = { interactive: new FairGate(limits.interactive), bulk: new FairGate(limits.bulk) };
  }

  /**
   * Waits for a place, in turns by workspace and in order of arrival within one. The place is free again when the returned function is
   * called (once or more), or as soon as the signal is aborted.
   * @throws the signal's reason if it is aborted before there is a place
   */
  enter(lane: Lane, workspaceUid: string, signal: AbortSignal): Promise<() => void> {
    return this.#lanes[lane].enter(workspaceUid, signal);
  }

  /** Places taken, and calls waiting for one. */
  load(lane: Lane): { readonly inFlight: number; readonly waiting: number } {
    const { active, waiting } = this.#lanes[lane];
    return { inFlight: active, waiting };
  }
}
