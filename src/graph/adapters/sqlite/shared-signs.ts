import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../../common/clock/clock.port.ts';
import { abortable } from '../../../common/concurrency/abortable.ts';
import { isAbort } from '../../../common/errors/describe-error.ts';
import { OperationFault } from '../../../storage/sqlite/operation-fault.errors.ts';
import type { SignStep } from './sign-build.ts';
import { SignIndex } from './sign-index.ts';

/** Does the next step towards an index of all that is visible in a workspace, in a reader thread. */
export type AdvanceSigns = (memory: SharedArrayBuffer | undefined) => Promise<SignStep | undefined>;

/** What is wanted of a workspace's index. */
export interface SignRequest {
  readonly uid: string;
  readonly advance: AdvanceSigns;
  readonly signal?: AbortSignal | undefined;
}

interface Held {
  memory: SharedArrayBuffer | undefined;
  usedAtMs: number;
  /** The one run of steps that is under way. */
  building: Promise<void> | undefined;
}

/** An index that no question has used for so long is let go. */
export const IDLE_MS = 15 * 60_000;
/** Bytes of all indexes together; beyond it those that were used longest ago are let go, never the last one. */
export const MAX_BYTES = 512 * 1024 * 1024;
/** A question waits while an index lags by more passages; fewer it searches beside the index. */
const WAIT_LAG = 2000;

/**
 * The 1-bit indexes of workspaces, one a workspace for all threads. Made at the first question that needs it, brought up to date by
 * one run of steps at a time while questions go on, and let go when idle or when there are too many.
 */
@Injectable()
export class SharedSigns implements OnApplicationShutdown {
  private readonly logger = new Logger(SharedSigns.name);
  readonly #held = new Map<string, Held>();
  readonly #closing = new AbortController();
  #watching = false;

  constructor(private readonly clock: Clock) {}

  /** Bytes of all indexes. */
  get bytes(): number {
    return [...this.#held.values()].reduce((sum, { memory }) => sum + (memory?.byteLength ?? 0), 0);
  }

  /** Workspaces with an index. */
  get count(): number {
    return [...this.#held.values()].filter(({ memory }) => memory !== undefined).length;
  }

  /**
   * The memory of a workspace's index, ready to be searched; nothing when there are no vectors, or when it cannot be made now.
   * @throws the signal's reason
   */
  async ready({ uid, advance, signal }: SignRequest): Promise<SharedArrayBuffer | undefined> {
    signal?.throwIfAborted();
    if (this.#closing.signal.aborted) return undefined;
    const held = this.#touch(uid);
    const lag = held.memory === undefined ? Number.POSITIVE_INFINITY : new SignIndex(held.memory).lag;
    if (lag > 0) held.building ??= this.#build(uid, held, advance);
    if (lag > WAIT_LAG && held.building !== undefined) await abortable(held.building, signal);
    return held.memory;
  }

  /** Lets go of a workspace's index. */
  drop(uid: string): void {
    this.#held.delete(uid);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#closing.abort(new Error('The store is closing.'));
    const building = [...this.#held.values()].flatMap((held) => held.building ?? []);
    this.#held.clear();
    await Promise.all(building);
  }

  /** The most recently used stand last. */
  #touch(uid: string): Held {
    const held = this.#held.get(uid) ?? { memory: undefined, usedAtMs: 0, building: undefined };
    held.usedAtMs = this.clock.monotonic();
    this.#held.delete(uid);
    this.#held.set(uid, held);
    if (!this.#watching) void this.#watch();
    return held;
  }

  async #build(uid: string, held: Held, advance: AdvanceSigns): Promise<void> {
    try {
      for (let step = await advance(held.memory); this.#held.get(uid) === held; step = await advance(step.memory)) {
        if (step?.done === false) continue;
        held.memory = step?.memory;
        this.#enforceBound();
        return;
      }
    } catch (error) {
      // A question that needs it does without, or meets the same fault itself and tells it.
      if (!isGone(error)) this.logger.warn({ err: error, workspace: uid }, 'the vector index could not be brought up to date');
    } finally {
      held.building = undefined;
    }
  }

  #enforceBound(): void {
    for (const uid of [...this.#held.keys()].slice(0, -1)) {
      if (this.bytes <= MAX_BYTES) return;
      this.drop(uid);
    }
  }

  /** Lets go of what is idle; ends when nothing is left. */
  async #watch(): Promise<void> {
    this.#watching = true;
    try {
      for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
        const [uid, { usedAtMs }] = oldest;
        const rest = usedAtMs + IDLE_MS - this.clock.monotonic();
        if (rest <= 0) this.drop(uid);
        else await this.clock.sleep(rest, this.#closing.signal);
      }
    } catch (error) {
      if (!isAbort(error) && !this.#closing.signal.aborted) throw error;
    } finally {
      this.#watching = false;
    }
  }

  #oldest(): [uid: string, held: Held] | undefined {
    return this.#held.entries().next().value;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof OperationFault && error.faultCode === 'file-missing';
}
