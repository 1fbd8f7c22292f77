import { AppError, type AppErrorOptions } from '../common/errors/app-error.ts';

/** Codes of faults of sources, documents, extractions and jobs. */
export type IngestionErrorCode =
  | 'source-not-found'
  | 'source-unreadable'
  | 'source-name-duplicate'
  | 'document-empty'
  | 'document-encoding'
  | 'document-binary'
  | 'document-format-unknown'
  | 'document-malformed'
  | 'document-encrypted'
  | 'document-limit'
  | 'document-no-text'
  | 'extraction-malformed'
  | 'mapping-invalid'
  | 'merge-not-found'
  | 'job-not-found'
  | 'job-not-cancellable'
  | 'job-not-retryable';

/** A source, a document or a job is not as it has to be. */
export class IngestionError extends AppError {
  constructor(code: IngestionErrorCode, message: string, options?: AppErrorOptions) {
    super(code, message, options);
  }
}
