import { AppError } from '../common/errors/app-error.ts';

/** The command line was used in a way it does not offer; ends with exit code 2. */
export class UsageError extends AppError {
  constructor(message: string, remedy = 'See graphrag-chat --help, or --help after a command.') {
    super('usage-invalid', message, { remedy });
  }
}
