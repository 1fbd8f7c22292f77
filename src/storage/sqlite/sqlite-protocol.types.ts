import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** What an operation works with inside a store thread. */
export interface SqliteContext {
  readonly db: DatabaseSync;
  /** A prepared statement, kept for the file as long as it is open. */
  readonly sql: (text: string) => StatementSync;
  /** Whatever operations keep between calls for this file in this thread; gone when the file is closed. */
  readonly memory: Map<string, unknown>;
  /** Memory that the main thread hands to whatever thread works on the file, with this call. */
  readonly shared?: SharedArrayBuffer;
}

/** A file of operations, loaded by the thread: no Nest, erasable syntax, relative imports that end in `.ts`. */
export interface SqliteModule {
  /** Brings a file to the newest layout; called by each thread when it opens the file. */
  readonly migrate?: (db: DatabaseSync) => void;
  /** Whether a reader may look into the file as it is; if not, the call fails with OperationFault `file-older` until the writer has opened it. */
  readonly isCurrent?: (db: DatabaseSync) => boolean;
  readonly [operation: string]: unknown;
}

/** One call to a store thread. */
export interface SqliteRequest {
  readonly id: number;
  readonly file: string;
  /** Whether the file is made when it is missing. */
  readonly create: boolean;
  readonly moduleUrl: string;
  readonly operation: string;
  readonly input: unknown;
  readonly shared?: SharedArrayBuffer;
}

/** An error on its way out of a thread. */
export interface SqliteFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** SQLite's primary result code, if SQLite raised it. */
  readonly sqliteCode: number | undefined;
  /** The code of an OperationFault, if an operation raised it. */
  readonly faultCode: string | undefined;
}

export type SqliteReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: SqliteFailure };
