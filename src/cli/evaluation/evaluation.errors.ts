import { AppError, type AppErrorOptions } from '../../common/errors/app-error.ts';

/** The files of an evaluation cannot be used. */
export class EvaluationError extends AppError {
  constructor(message: string, options?: AppErrorOptions) {
    super('invalid-request', message, options);
  }

  /** A line of a file of questions that is none. */
  static noQuestion(message: string, cause?: unknown): EvaluationError {
    return new EvaluationError(message, {
      remedy: 'A line is {"id", "question", "gold": [external ids]} or {"id", "question", "document", "gold_lines": [[first, last], …]}.',
      cause,
    });
  }

  /** A line of a file of rankings that is none. */
  static noRanking(message: string, cause?: unknown): EvaluationError {
    return new EvaluationError(message, { remedy: 'A line is {"id", "passages": [{"externalId", "lines"?: [first, last]}, …]}, as --run writes it.', cause });
  }
}
