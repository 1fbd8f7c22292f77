import { HttpStatus } from '@nestjs/common';

/**
 * Every stable error code of the service with the HTTP status it is answered with. The type below is derived from it, so a code
 * without a status does not compile. `docs/errors.md` explains each code; an architecture test holds the two together.
 */
export const ERROR_STATUS = {
  // requests
  'invalid-request': HttpStatus.BAD_REQUEST,
  'question-empty': HttpStatus.BAD_REQUEST,
  'question-too-long': HttpStatus.BAD_REQUEST,
  'workspace-required': HttpStatus.BAD_REQUEST,
  'workspace-name-invalid': HttpStatus.BAD_REQUEST,
  'route-not-found': HttpStatus.NOT_FOUND,
  'payload-too-large': HttpStatus.PAYLOAD_TOO_LARGE,
  'unsupported-media-type': HttpStatus.UNSUPPORTED_MEDIA_TYPE,
  'too-many-requests': HttpStatus.TOO_MANY_REQUESTS,
  'request-cancelled': HttpStatus.REQUEST_TIMEOUT,
  'shutting-down': HttpStatus.SERVICE_UNAVAILABLE,
  'internal-error': HttpStatus.INTERNAL_SERVER_ERROR,
  // auth
  'authentication-required': HttpStatus.UNAUTHORIZED,
  'credentials-invalid': HttpStatus.UNAUTHORIZED,
  'right-missing': HttpStatus.FORBIDDEN,
  // configuration and the data folder
  'configuration-invalid': HttpStatus.INTERNAL_SERVER_ERROR,
  'data-read-only': HttpStatus.SERVICE_UNAVAILABLE,
  'data-newer': HttpStatus.SERVICE_UNAVAILABLE,
  'data-corrupt': HttpStatus.SERVICE_UNAVAILABLE,
  'disk-full': HttpStatus.INSUFFICIENT_STORAGE,
  // storage
  'record-conflict': HttpStatus.CONFLICT,
  'record-key-invalid': HttpStatus.BAD_REQUEST,
  'record-too-large': HttpStatus.PAYLOAD_TOO_LARGE,
  'blob-not-found': HttpStatus.NOT_FOUND,
  'store-unavailable': HttpStatus.SERVICE_UNAVAILABLE,
  'store-busy': HttpStatus.SERVICE_UNAVAILABLE,
  'store-credentials-invalid': HttpStatus.SERVICE_UNAVAILABLE,
  'store-database-not-found': HttpStatus.SERVICE_UNAVAILABLE,
  'store-version-unsupported': HttpStatus.SERVICE_UNAVAILABLE,
  'store-pool-exhausted': HttpStatus.SERVICE_UNAVAILABLE,
  'store-constraint-violated': HttpStatus.CONFLICT,
  'store-batch-failed': HttpStatus.INTERNAL_SERVER_ERROR,
  // cache
  'cache-unavailable': HttpStatus.SERVICE_UNAVAILABLE,
  // graph
  'workspace-not-found': HttpStatus.NOT_FOUND,
  'workspace-exists': HttpStatus.CONFLICT,
  'document-not-found': HttpStatus.NOT_FOUND,
  'entity-not-found': HttpStatus.NOT_FOUND,
  'generation-not-open': HttpStatus.CONFLICT,
  'embedding-dimension-mismatch': HttpStatus.CONFLICT,
  // models and embedding
  'model-not-configured': HttpStatus.SERVICE_UNAVAILABLE,
  'model-unavailable': HttpStatus.BAD_GATEWAY,
  'model-rejected': HttpStatus.BAD_GATEWAY,
  'model-rate-limited': HttpStatus.SERVICE_UNAVAILABLE,
  'model-timeout': HttpStatus.GATEWAY_TIMEOUT,
  'model-answer-malformed': HttpStatus.BAD_GATEWAY,
  'embedding-answer-malformed': HttpStatus.BAD_GATEWAY,
  // ingestion
  'source-not-found': HttpStatus.NOT_FOUND,
  'source-unreadable': HttpStatus.UNPROCESSABLE_ENTITY,
  'source-name-duplicate': HttpStatus.CONFLICT,
  'document-empty': HttpStatus.UNPROCESSABLE_ENTITY,
  'document-encoding': HttpStatus.UNPROCESSABLE_ENTITY,
  'document-binary': HttpStatus.UNPROCESSABLE_ENTITY,
  'document-format-unknown': HttpStatus.UNSUPPORTED_MEDIA_TYPE,
  'document-malformed': HttpStatus.UNPROCESSABLE_ENTITY,
  'document-encrypted': HttpStatus.UNPROCESSABLE_ENTITY,
  'document-limit': HttpStatus.UNPROCESSABLE_ENTITY,
  'document-no-text': HttpStatus.UNPROCESSABLE_ENTITY,
  'extraction-malformed': HttpStatus.UNPROCESSABLE_ENTITY,
  'mapping-invalid': HttpStatus.UNPROCESSABLE_ENTITY,
  'merge-not-found': HttpStatus.NOT_FOUND,
  'job-not-found': HttpStatus.NOT_FOUND,
  'job-not-cancellable': HttpStatus.CONFLICT,
  'job-not-retryable': HttpStatus.CONFLICT,
  // chat
  'session-not-found': HttpStatus.NOT_FOUND,
  // command line
  'usage-invalid': HttpStatus.BAD_REQUEST,
} as const satisfies Record<string, HttpStatus>;

/** A stable, documented error code. */
export type ErrorCode = keyof typeof ERROR_STATUS;
