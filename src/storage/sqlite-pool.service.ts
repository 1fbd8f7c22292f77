import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { abortable } from '../common/concurrency/abortable.ts';
import { STORE_CONFIG, type StoreConfig } from '../config/store.config.ts';
import { SqliteThread } from './sqlite/sqlite-thread.ts';

/** One operation on one SQLite file. */
export interface SqliteCall {
  /** Path of the database file. */
  readonly file: string;
  /** The module of operations, see SqliteModule. */
  readonly module: URL;
  /** Name of an exported function of the module. */
  readonly operation: string;
  /** Anything structured clone can copy. */
  readonly input: unknown;
  /** Memory for the operation to work with, the same in every thread. */
  readonly shared?: SharedArrayBuffer;
  /** Which of the writing threads: `records` never waits for a long publication. Left out: `graph`. */
  readonly writer?: 'graph' | 'records';
  /** Make the file when it is missing (writers only); otherwise OperationFault `file-missing`. */
  readonly create?: boolean;
  /** Rejects at once when aborted; what a thread has begun runs to its end, unseen. */
  readonly signal?: AbortSignal;
}

/** The operations of a file stored beside the caller, in the sources (`.ts`) as well as in the build (`.js`). */
export function operationsModule(name: string, callerUrl: string): URL {
  return new URL(`${name}${callerUrl.endsWith('.ts') ? '.ts' : '.js'}`, callerUrl);
}

/**
 * The threads in which every SQLite file of the data folder is read and written: one writer for all workspaces, one for the small
 * records, and a few readers. Calls to a writer run in order; a read goes to the reader with the least to do.
 *
 * Calls reject with StorageError (`store-busy`, `store-unavailable`, `disk-full`, `data-read-only`, `data-corrupt`, `data-newer`), or
 * with the OperationFault that the operation raised.
 */
@Injectable()
export class SqlitePool implements OnApplicationShutdown {
  readonly #writers = { graph: new SqliteThread(true), records: new SqliteThread(true) };
  readonly #readers: readonly SqliteThread[];

  constructor(@Inject(STORE_CONFIG) config: StoreConfig) {
    this.#readers = Array.from({ length: config.sqliteReaders }, () => new SqliteThread(false));
  }

  /** Calls under way or queued. */
  get load(): { readonly writer: number; readonly readers: number } {
    return { writer: this.#writers.graph.load + this.#writers.records.load, readers: this.#readers.reduce((sum, reader) => sum + reader.load, 0) };
  }

  async write<T>(call: SqliteCall): Promise<T> {
    if (call.create === true) mkdirSync(dirname(call.file), { recursive: true, mode: 0o700 });
    return (await send(this.#writers[call.writer ?? 'graph'], call)) as T;
  }

  async read<T>(call: SqliteCall): Promise<T> {
    return (await send(this.#leastBusyReader(), call)) as T;
  }

  /** Closes a file in every thread, so that it can be removed. */
  async closeFile(file: string): Promise<void> {
    const call: SqliteCall = { file, module: new URL('file:///'), operation: 'close', input: undefined };
    await Promise.all(this.#threads().map((thread) => send(thread, call)));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#threads().map((thread) => thread.stop()));
  }

  #threads(): SqliteThread[] {
    return [...Object.values(this.#writers), ...this.#readers];
  }

  #leastBusyReader(): SqliteThread {
    // Among equally busy threads the first: whoever asks one question after the other finds what it remembers of the last.
    return this.#readers.reduce((best, each) => (each.load < best.load ? each : best), this.#readers[0] ?? this.#writers.graph);
  }
}

async function send(thread: SqliteThread, call: SqliteCall): Promise<unknown> {
  call.signal?.throwIfAborted();
  const answer = thread.call({
    file: call.file,
    create: call.create ?? false,
    moduleUrl: call.module.href,
    operation: call.operation,
    input: call.input,
    ...(call.shared === undefined ? {} : { shared: call.shared }),
  });
  return await abortable(answer, call.signal);
}
