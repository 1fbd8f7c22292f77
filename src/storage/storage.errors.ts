import { AppError, type AppErrorOptions } from '../common/errors/app-error.ts';

/** Codes of faults of the stores below every module. */
export type StorageErrorCode =
  | 'record-conflict'
  | 'record-key-invalid'
  | 'record-too-large'
  | 'blob-not-found'
  | 'store-unavailable'
  | 'store-busy'
  | 'store-credentials-invalid'
  | 'store-database-not-found'
  | 'store-version-unsupported'
  | 'store-pool-exhausted'
  | 'store-constraint-violated'
  | 'store-batch-failed'
  | 'data-read-only'
  | 'data-newer'
  | 'data-corrupt'
  | 'disk-full';

/** A store could not do what was asked. */
export class StorageError extends AppError {
  constructor(code: StorageErrorCode, message: string, options?: AppErrorOptions) {
    super(code, message, options);
  }
}
