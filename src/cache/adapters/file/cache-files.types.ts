/** Asks for entries of one scope. Answered with their values, in order, as far as there are any. */
export interface ReadEntries {
  readonly kind: 'read';
  /** The scope's folder. */
  readonly folder: string;
  readonly keys: readonly string[];
  /** Milliseconds since the epoch; what is over by then is removed. */
  readonly now: number;
}

/** Writes one entry, whole or not at all. Answered with nothing. */
export interface WriteEntry {
  readonly kind: 'write';
  readonly folder: string;
  readonly key: string;
  /** The file, see `encodeCacheFile`. */
  readonly content: Uint8Array;
  readonly expiresAt: number;
  /** A path that nobody else uses, on the same disk. */
  readonly unfinished: string;
}

/** Removes one entry, if it is there. Answered with nothing. */
export interface RemoveEntry {
  readonly kind: 'remove';
  readonly folder: string;
  readonly key: string;
}

export type FilesRequest = ReadEntries | WriteEntry | RemoveEntry;

/** What came of one request; `fault` says what the disk said. */
export type FilesReply = { readonly values: readonly (Uint8Array | undefined)[] } | { readonly fault: string };

/** Requests that go to the thread together, and their replies in the same order. */
export interface FilesBatch<T> {
  readonly id: number;
  readonly items: readonly T[];
}
