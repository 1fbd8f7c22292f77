import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AppError } from '../errors/app-error.ts';
import { problemOf, sendProblem } from './problem.ts';
import { toAppError } from './to-app-error.ts';

/** After this something that is away for a moment may be asked again. */
const AWAY_SECONDS = 1;

/** Answers every error of a request as problem+json, and logs what is the service's own fault with its whole cause chain. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toAppError(thrown);
    const problem = problemOf(error, reply.request.id);
    this.log(error, problem.status);
    // A stream that was begun has told its reader already.
    if (reply.sent || reply.raw.headersSent) return;
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    const wait = waitSeconds(error, problem.status);
    if (wait !== undefined) reply.header('retry-after', String(Math.ceil(wait)));
    sendProblem(reply, problem);
  }

  private log(error: AppError, status: number): void {
    if (error.code === 'internal-error') this.logger.error({ err: error }, 'a request failed');
    else if (status >= 500) this.logger.warn({ err: error }, 'a request could not be served');
    else this.logger.debug({ err: error }, 'a request was refused');
  }
}

/** When to come back; the header also tells programs that the same request may go well then. */
function waitSeconds({ details: { retryAfterSeconds }, retryable }: AppError, status: number): number | undefined {
  if (typeof retryAfterSeconds === 'number') return retryAfterSeconds;
  return retryable && status === 503 ? AWAY_SECONDS : undefined;
}
