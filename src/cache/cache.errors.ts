import { AppError, type AppErrorOptions } from '../common/errors/app-error.ts';

/** A tier of the cache did not answer; the layered cache skips it and goes on. */
export class CacheError extends AppError {
  constructor(message: string, options?: AppErrorOptions) {
    super('cache-unavailable', message, { retryable: true, ...options });
  }
}
