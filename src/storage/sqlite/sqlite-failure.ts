import { StorageError } from '../storage.errors.ts';
import { OperationFault } from './operation-fault.errors.ts';
import type { SqliteFailure } from './sqlite-protocol.types.ts';

type Translation = (cause: Error) => StorageError;

const busy: Translation = (cause) =>
  new StorageError('store-busy', 'Another process is writing to the data folder and did not end in time.', {
    retryable: true,
    remedy: 'Try again when the other process has finished.',
    cause,
  });
const readOnly: Translation = (cause) =>
  new StorageError('data-read-only', 'The data folder cannot be written to.', {
    remedy: 'Give the process write access to DATA_DIR, or point DATA_DIR elsewhere.',
    cause,
  });
const away: Translation = (cause) =>
  new StorageError('store-unavailable', 'A file of the data folder could not be opened or read.', {
    retryable: true,
    remedy: 'Check that DATA_DIR exists, is readable and its disk works.',
    cause,
  });
const full: Translation = (cause) =>
  new StorageError('disk-full', 'The disk that holds the data folder is full.', {
    remedy: 'Free space on the disk of DATA_DIR; what was written before is safe.',
    cause,
  });
const corrupt: Translation = (cause) =>
  new StorageError('data-corrupt', 'A file of the data folder is damaged.', {
    remedy: 'Restore DATA_DIR from a backup, or remove the damaged file and ingest again.',
    cause,
  });

/** SQLite's primary result codes, https://sqlite.org/rescode.html. */
const BY_SQLITE_CODE: Readonly<Record<number, Translation>> = {
  5: busy,
  6: busy,
  8: readOnly,
  10: away,
  11: corrupt,
  13: full,
  14: away,
  26: corrupt,
};

/** Turns what came out of a store thread back into an error: StorageError, OperationFault or, for a fault of ours, a plain Error. */
export function errorOfFailure(failure: SqliteFailure): Error {
  if (failure.faultCode === 'data-newer') return new StorageError('data-newer', failure.message, { remedy: 'Run the newer version of graphrag-chat that wrote this data folder.' });
  const cause = failure.faultCode === undefined ? new Error(failure.message) : new OperationFault(failure.faultCode, failure.message);
  if (failure.stack !== undefined) cause.stack = failure.stack;
  const translate = failure.sqliteCode === undefined ? undefined : BY_SQLITE_CODE[failure.sqliteCode];
  return translate?.(cause) ?? cause;
}
