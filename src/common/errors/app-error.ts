import type { ErrorCode } from './error-codes.ts';

/** What an error carries beside its code and message. */
export interface AppErrorOptions {
  /** What the caller can do about it; one sentence, shown to users. */
  readonly remedy?: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable?: boolean;
  /** Facts for programs (a status, a path, a limit); shown to callers, so never secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The error that caused this one; logged whole, never shown to callers. */
  readonly cause?: unknown;
}

/**
 * The one base of all errors that the service raises knowingly. Adapters translate vendor errors into a subclass at the border;
 * the HTTP layer turns it into problem+json, the command line into a message and an exit code.
 */
export abstract class AppError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}
