import { Worker } from 'node:worker_threads';
import type { FilesBatch, FilesReply, FilesRequest } from './cache-files.types.ts';

interface Waiting {
  readonly resolve: (values: readonly (Uint8Array | undefined)[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The thread that reads and writes the files of the cache, begun by the first call. What is asked for in one turn of the event loop goes
 * to it together. A thread that dies fails what it had; the next call begins another.
 */
export class CacheFilesThread {
  readonly #waiting = new Map<number, readonly Waiting[]>();
  #worker: Worker | undefined;
  #next: { readonly request: FilesRequest; readonly waiting: Waiting }[] = [];
  #nextId = 1;

  /**
   * Resolves with the values of a read, in the order of its keys, and with none of anything else.
   * @throws what the disk said, as an Error
   */
  call(request: FilesRequest): Promise<readonly (Uint8Array | undefined)[]> {
    return new Promise((resolve, reject) => {
      if (this.#next.length === 0) queueMicrotask(() => { this.#send(); });
      this.#next.push({ request, waiting: { resolve, reject } });
    });
  }

  /** Ends the thread; what it has under way fails. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #send(): void {
    const batch = this.#next;
    this.#next = [];
    const id = this.#nextId;
    this.#nextId += 1;
    this.#waiting.set(id, batch.map(({ waiting }) => waiting));
    const worker = this.#running();
    // A call under way keeps the process alive, an idle thread does not.
    worker.ref();
    worker.postMessage({ id, items: batch.map(({ request }) => request) } satisfies FilesBatch<FilesRequest>);
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    const worker = new Worker(new URL(`./cache-files.worker${extension}`, import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    let fault: Error | undefined;
    worker.on('message', (replies: FilesBatch<FilesReply>) => { this.#settle(replies); });
    worker.on('error', (error: Error) => { fault = error; });
    worker.on('exit', () => { this.#lost(worker, fault); });
    this.#worker = worker;
    return worker;
  }

  #settle({ id, items }: FilesBatch<FilesReply>): void {
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const [i, reply] of items.entries()) {
      if ('fault' in reply) waiting[i]?.reject(new Error(reply.fault));
      else waiting[i]?.resolve(reply.values);
    }
    if (this.#waiting.size === 0) this.#worker?.unref();
  }

  #lost(worker: Worker, fault: Error | undefined): void {
    if (this.#worker === worker) this.#worker = undefined;
    const error = new Error('The thread of the file cache ended.', { cause: fault });
    for (const { reject } of [...this.#waiting.values()].flat()) reject(error);
    this.#waiting.clear();
  }
}
