import { AppError, type AppErrorOptions } from '../common/errors/app-error.ts';

/** Codes of faults of who asks and what they may do. */
export type AuthErrorCode = 'authentication-required' | 'credentials-invalid' | 'right-missing';

/** A caller who is not known, or who may not do what they ask for. */
export class AuthError extends AppError {
  constructor(code: AuthErrorCode, message: string, options?: AppErrorOptions) {
    super(code, message, options);
  }

  /** For a request that carries no credentials where some are needed. */
  static required(): AuthError {
    return new AuthError('authentication-required', 'This needs a key or a token.', {
      remedy: 'Send `Authorization: Bearer <key>`; the address that `serve` prints signs the page in.',
    });
  }
}
