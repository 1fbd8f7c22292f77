import { AppError, type AppErrorOptions } from './app-error.ts';

/** Codes of faults in a request itself. */
export type RequestErrorCode =
  | 'invalid-request'
  | 'question-empty'
  | 'question-too-long'
  | 'route-not-found'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'too-many-requests'
  | 'request-cancelled'
  | 'shutting-down'
  | 'right-missing'
  | 'internal-error';

/** A request that cannot be served as it stands, whatever module it was meant for. */
export class RequestError extends AppError {
  constructor(code: RequestErrorCode, message: string, options?: AppErrorOptions) {
    super(code, message, options);
  }
}
