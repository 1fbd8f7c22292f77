import { abortable } from '../common/concurrency/abortable.ts';

interface Batch {
  readonly keys: readonly string[];
  readonly vectors: Promise<ReadonlyMap<string, Float32Array>>;
  readonly controller: AbortController;
  callers: number;
}

/** What texts are asked for together. */
export interface BatchRequest {
  /** Distinct texts. */
  readonly texts: readonly string[];
  /** Texts are shared only by requests of the same group. */
  readonly group: string;
  readonly maxBatch: number;
  readonly signal?: AbortSignal | undefined;
}

/** Embeds one batch: the vector of each text. */
export type EmbedBatch = (texts: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, Float32Array>>;

/**
 * Texts that are being embedded. Who asks for a text that is already under way waits for that batch in place of another call; who
 * is aborted leaves alone, and a batch is cancelled when nobody waits for it any more.
 */
export class SharedBatches {
  readonly #byKey = new Map<string, Batch>();

  /** Texts under way. */
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
    for (const batch of batches) batch.callers += 1;
    try {
      const maps = await abortable(Promise.all([...batches].map((batch) => batch.vectors)), request.signal);
      return new Map(maps.flatMap((map) => [...map]));
    } finally {
      for (const batch of batches) this.#leave(batch);
    }
  }

  #join({ texts, group, maxBatch }: BatchRequest, embed: EmbedBatch): Set<Batch> {
    const running = texts.map((text) => this.#byKey.get(keyOf(group, text)));
    const fresh = texts.filter((_text, i) => running[i] === undefined);
    const batches = new Set(running.filter((batch) => batch !== undefined));
    for (let at = 0; at < fresh.length; at += maxBatch) batches.add(this.#start(fresh.slice(at, at + maxBatch), group, embed));
    return batches;
  }

  #start(texts: readonly string[], group: string, embed: EmbedBatch): Batch {
    const controller = new AbortController();
    const keys = texts.map((text) => keyOf(group, text));
    const batch: Batch = { keys, vectors: embed(texts, controller.signal), controller, callers: 0 };
    for (const key of keys) this.#byKey.set(key, batch);
    const ended = (): void => {
      this.#forget(batch);
    };
    // Whoever waits sees a failure itself; here it only must not count as unhandled when nobody does any longer.
    batch.vectors.then(ended, ended);
    return batch;
  }

  #leave(batch: Batch): void {
    batch.callers -= 1;
    if (batch.callers > 0) return;
    this.#forget(batch);
    batch.controller.abort();
  }

  #forget(batch: Batch): void {
    for (const key of batch.keys) if (this.#byKey.get(key) === batch) this.#byKey.delete(key);
  }
}

function keyOf(group: string, text: string): string {
  return `${group}\n${text}`;
}
