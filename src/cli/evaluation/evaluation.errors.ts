import { AppError } from '../../common/errors/app-error.ts';

/** The files of an evaluation cannot be used. */
export class EvaluationError extends AppError {
  constructor(message: string, cause?: unknown) {
    super('invalid-request', message, {
      remedy: 'A line of questions is {"id", "question", "gold": [external ids]} or {"id", "question", "document", "gold_lines": [[first, last], …]}.',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
