/** The epoch of a scope as its server has it. */
export interface ScopeEpoch {
  /** Part of the name of every value of the scope. */
  readonly epoch: string;
  /** The stored bytes of the epoch; others as soon as the scope has been cleared. */
  readonly mark: Uint8Array;
}

/** Where a value lies. */
export interface ScopePlace {
  /** A scope's name, as `scopeName` makes it. */
  readonly scope: string;
  readonly epoch: string;
}

/** Values, and the mark that the scope's epoch had at that moment. */
export interface MarkedValues {
  readonly mark: Uint8Array | undefined;
  /** In the order of the keys; they may share memory with what the client reads into. */
  readonly values: readonly (Uint8Array | undefined)[];
}

/**
 * A server beside the service that keeps bytes under names, as far as a tier of the cache needs it. Each method is one exchange with
 * the server, ends within 150 ms, and throws CacheError when the server cannot be reached, refuses, or does not answer in time. The
 * error tells which of these it was, and no secret.
 */
export abstract class ValueServer {
  /** The tier's name. */
  abstract readonly tier: string;
  /** Values above this are not kept. */
  abstract readonly maxValueBytes: number;

  /** Begins to connect and waits a moment for it. Never throws: what is away now may come. */
  abstract open(): Promise<void>;

  /** Ends the connections. Calls afterwards fail. */
  abstract close(): Promise<void>;

  /** The values of keys in one epoch, with the scope's present mark. */
  abstract read(place: ScopePlace, keys: readonly string[]): Promise<MarkedValues>;

  /** Keeps a value for about `ttlMs` milliseconds, at least so long; one that the server finds too large is not kept. */
  abstract write(place: ScopePlace, key: string, value: Uint8Array, ttlMs: number): Promise<void>;

  /** Forgets a value. */
  abstract remove(place: ScopePlace, key: string): Promise<void>;

  /** The scope's present mark; nothing if it has no epoch. */
  abstract mark(scope: string): Promise<Uint8Array | undefined>;

  /** The scope's present epoch; nothing if it has none. */
  abstract epochOf(scope: string): Promise<ScopeEpoch | undefined>;

  /** Gives a scope an epoch. Another process may do so at the same time: what `epochOf` says afterwards counts. */
  abstract begin(scope: string, epoch: string): Promise<void>;

  /** Takes the epoch away, and with it every value of the scope. */
  abstract end(scope: string): Promise<void>;
}
