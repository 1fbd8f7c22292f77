import type { FastifyReply } from 'fastify';
import type { AppError } from '../errors/app-error.ts';
import { ERROR_STATUS, type ErrorCode } from '../errors/error-codes.ts';

/** An error on the wire (RFC 9457), with the error's details as further members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly remedy?: string;
  readonly [fact: string]: unknown;
}

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The shape in which an error is told to a caller. Its cause and stack stay inside. */
export function problemOf(error: AppError, requestId: string): Problem {
  const words = error.code.replaceAll('-', ' ');
  return {
    ...error.details,
    type: `urn:graphrag-chat:error:${error.code}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status: ERROR_STATUS[error.code],
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  };
}

/** Answers a request with a problem. */
export function sendProblem(reply: Pick<FastifyReply, 'header' | 'status'>, problem: Problem): void {
  reply.header('x-content-type-options', 'nosniff').header('content-type', PROBLEM_TYPE);
  reply.status(problem.status).send(JSON.stringify(problem));
}
