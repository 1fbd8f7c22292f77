import { Worker } from 'node:worker_threads';
import { StorageError } from '../storage.errors.ts';
import type { SqliteReply, SqliteRequest } from './sqlite-protocol.types.ts';
import { errorOfFailure } from './sqlite-failure.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One store thread as seen from the main thread. A thread that dies fails what it was doing and is replaced by the next call. */
export class SqliteThread {
  readonly #writer: boolean;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 1;
  #stopping = false;
  readonly #replies: SqliteReply[] = [];
  /**
   * A port hands over all the replies that wait in one go, and what each sets off would run before any timer or socket gets its
   * turn. One a turn of the event loop keeps the loop even under load.
   */
  readonly #takeReply = (): void => {
    const reply = this.#replies.shift();
    if (reply === undefined) return;
    this.#settle(reply);
    if (this.#replies.length > 0) setImmediate(this.#takeReply);
  };

  constructor(writer: boolean) {
    this.#writer = writer;
  }

  /** Calls under way or queued in the thread. */
  get load(): number {
    return this.#waiting.size;
  }

  call(request: Omit<SqliteRequest, 'id'>): Promise<unknown> {
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const worker = this.#running();
      // A call under way keeps the process alive, an idle thread does not.
      worker.ref();
      worker.postMessage({ ...request, id } satisfies SqliteRequest);
    });
  }

  /** Lets the thread finish what it has, close its files and end. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    // Nothing else may hold a process that only waits for its threads to end.
    this.#stopping = true;
    worker.ref();
    worker.postMessage('stop');
    await ended;
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    const worker = new Worker(new URL(`./sqlite.worker${extension}`, import.meta.url), {
      workerData: { writer: this.#writer },
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    let fault: Error | undefined;
    worker.on('message', (reply: SqliteReply) => {
      this.#replies.push(reply);
      if (this.#replies.length === 1) setImmediate(this.#takeReply);
    });
    worker.on('error', (error: Error) => {
      fault = error;
    });
    worker.on('exit', () => {
      this.#lost(worker, fault);
    });
    this.#worker = worker;
    this.#stopping = false;
    return worker;
  }

  #settle(reply: SqliteReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('failure' in reply) waiting?.reject(errorOfFailure(reply.failure));
    else waiting?.resolve(reply.value);
    if (this.#waiting.size === 0 && !this.#stopping) this.#worker?.unref();
  }

  #lost(worker: Worker, fault: Error | undefined): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const reply of this.#replies.splice(0)) this.#settle(reply);
    const error = new StorageError('store-unavailable', 'A store thread ended unexpectedly.', { retryable: true, cause: fault });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
