import { abortable } from '../common/concurrency/abortable.ts';
import { AppError } from '../common/errors/app-error.ts';

interface Batch {
  readonly group: string;
  /** Grows while the batch waits. */
  readonly texts: string[];
  readonly vectors: Promise<ReadonlyMap<string, Float32Array>>;
  readonly controller: AbortController;
  readonly launch: () => void;
  /** Whether texts of several requests are in it. */
  joined: boolean;
  state: 'waiting' | 'running' | 'over';
  callers: number;
}

const LEFT = new DOMException('Nobody waits for these vectors any longer.', 'AbortError');

/** What texts are asked for together. */
export interface BatchRequest {
  /** Distinct texts. */
  readonly texts: readonly string[];
  /** Texts are shared only by requests of the same group. */
  readonly group: string;
  readonly maxBatch: number;
  /** Batches of the group under way at once; texts asked for meanwhile go together in the next one. Left out: each request has its own. */
  readonly atOnce?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Embeds one batch: the vector of each text. */
export type EmbedBatch = (texts: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, Float32Array>>;

/**
 * Texts that are being embedded. Who asks for a text that is already under way waits for that batch in place of another call; who
 * is aborted leaves alone, and a batch is cancelled when nobody waits for it any more. A batch of several requests that fails for good
 * is made again for each of them, so that nobody suffers from another's text.
 */
export class SharedBatches {
  readonly #byKey = new Map<string, Batch>();
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, Batch>();

  /** Texts under way or waiting. */
  get size(): number {
    return this.#byKey.size;
  }

  /**
   * The vector of each text, and those of texts that were in the same batches.
   * @throws what a batch throws; the reason of the signal as soon as it is aborted
   */
  async vectors(request: BatchRequest, embed: EmbedBatch): Promise<ReadonlyMap<string, Float32Array>> {
    request.signal?.throwIfAborted();
    const batches = this.#join(request, embed);
    try {
      return await this.#outcome(batches, request.signal);
    } catch (error) {
      if (request.signal?.aborted === true || isRetryable(error) || ![...batches].some((batch) => batch.joined)) throw error;
    }
    const { atOnce: _, ...alone } = request;
    return await this.#outcome(this.#join(alone, embed), request.signal);
  }

  async #outcome(batches: ReadonlySet<Batch>, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, Float32Array>> {
    for (const batch of batches) batch.callers += 1;
    try {
      const [first, ...others] = await abortable(Promise.all([...batches].map((batch) => batch.vectors)), signal);
      return others.length === 0 ? (first ?? new Map<string, Float32Array>()) : new Map([first ?? [], ...others].flatMap((map) => [...map]));
    } finally {
      for (const batch of batches) this.#leave(batch);
    }
  }

  #join(request: BatchRequest, embed: EmbedBatch): Set<Batch> {
    const { texts, group, maxBatch, atOnce } = request;
    const running = texts.map((text) => this.#byKey.get(keyOf(group, text)));
    const fresh = texts.filter((_text, i) => running[i] === undefined);
    const batches = new Set(running.filter((batch) => batch !== undefined));
    for (let at = 0; at < fresh.length; at += maxBatch) {
      const part = fresh.slice(at, at + maxBatch);
      const free = atOnce === undefined || (this.#running.get(group) ?? 0) < atOnce;
      batches.add(free ? this.#start(part, group, embed) : this.#wait(part, request, embed));
    }
    return batches;
  }

  #start(texts: readonly string[], group: string, embed: EmbedBatch): Batch {
    const batch = this.#make(texts, group, embed);
    batch.launch();
    return batch;
  }

  /** Puts texts into the batch that is next, or begins that. */
  #wait(texts: readonly string[], { group, maxBatch }: BatchRequest, embed: EmbedBatch): Batch {
    const next = this.#waiting.get(group);
    if (next !== undefined && next.texts.length + texts.length <= maxBatch) {
      next.joined = true;
      next.texts.push(...texts);
      for (const text of texts) this.#byKey.set(keyOf(group, text), next);
      return next;
    }
    // Whoever finds the next batch full does not wait for the one behind it.
    if (next !== undefined) return this.#start(texts, group, embed);
    const batch = this.#make(texts, group, embed);
    this.#waiting.set(group, batch);
    return batch;
  }

  #make(texts: readonly string[], group: string, embed: EmbedBatch): Batch {
    const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, Float32Array>>();
    const controller = new AbortController();
    const own = [...texts];
    const launch = (): void => {
      batch.state = 'running';
      this.#running.set(group, (this.#running.get(group) ?? 0) + 1);
      resolve(embed(own, controller.signal));
    };
    const batch: Batch = { group, texts: own, vectors: promise, controller, launch, joined: false, state: 'waiting', callers: 0 };
    for (const text of texts) this.#byKey.set(keyOf(group, text), batch);
    const ended = (): void => {
      this.#end(batch);
    };
    // Whoever waits sees a failure itself; here it only must not count as unhandled when nobody does any longer.
    promise.then(ended, ended);
    return batch;
  }

  #leave(batch: Batch): void {
    batch.callers -= 1;
    if (batch.callers > 0 || batch.state === 'over') return;
    this.#forget(batch);
    if (this.#waiting.get(batch.group) === batch) this.#waiting.delete(batch.group);
    batch.controller.abort(LEFT);
  }

  #end(batch: Batch): void {
    batch.state = 'over';
    this.#forget(batch);
    const { group } = batch;
    const running = (this.#running.get(group) ?? 1) - 1;
    if (running === 0) this.#running.delete(group);
    else this.#running.set(group, running);
    const next = this.#waiting.get(group);
    this.#waiting.delete(group);
    next?.launch();
  }

  #forget(batch: Batch): void {
    for (const text of batch.texts) {
      const key = keyOf(batch.group, text);
      if (this.#byKey.get(key) === batch) this.#byKey.delete(key);
    }
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof AppError && error.retryable;
}

function keyOf(group: string, text: string): string {
  return `${group}\n${text}`;
}
