import { AppError, type AppErrorOptions } from '../common/errors/app-error.ts';

/** Codes of faults of model servers. */
export type ModelErrorCode =
  | 'model-not-configured'
  | 'model-unavailable'
  | 'model-rejected'
  | 'model-rate-limited'
  | 'model-timeout'
  | 'model-answer-malformed';

/** What a model server's fault was, where it said so. */
export interface ModelErrorOptions extends AppErrorOptions {
  /** HTTP status of the server's answer. */
  readonly status?: number;
  /** The server's own text, at most 2,000 characters. */
  readonly serverText?: string;
  /** The wait the server asked for, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A call to a model server failed. */
export class ModelError extends AppError {
  readonly status: number | undefined;
  readonly serverText: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ModelErrorCode, message: string, options: ModelErrorOptions = {}) {
    const { status, serverText } = options;
    super(code, message, {
      ...options,
      details: { ...options.details, ...(status === undefined ? {} : { upstreamStatus: status }), ...(serverText === undefined ? {} : { upstreamText: serverText }) },
    });
    this.status = status;
    this.serverText = serverText;
    this.retryAfterMs = options.retryAfterMs;
  }
}
