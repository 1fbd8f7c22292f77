import { AppError, type AppErrorOptions } from '../common/errors/app-error.ts';

/** The embedding server answered with something that is no embedding of what was asked. */
export class EmbeddingError extends AppError {
  constructor(message: string, options?: AppErrorOptions) {
    super('embedding-answer-malformed', message, options);
  }
}
