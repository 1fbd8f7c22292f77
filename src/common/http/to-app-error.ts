import { HttpException } from '@nestjs/common';
import { ZodError } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { isAbort } from '../errors/describe-error.ts';
import { RequestError, type RequestErrorCode } from '../errors/request.errors.ts';
import { invalidRequest } from './invalid-request.ts';

/** Codes for what the frameworks refuse before a handler is asked. */
const BY_STATUS: Readonly<Record<number, { code: RequestErrorCode; remedy: string }>> = {
  403: { code: 'right-missing', remedy: 'Send the request from a page of this service, or with a key from a program.' },
  404: { code: 'route-not-found', remedy: 'GET /docs lists every route.' },
  405: { code: 'route-not-found', remedy: 'GET /docs lists every route.' },
  413: { code: 'payload-too-large', remedy: 'Send less at once, or raise MAX_UPLOAD_MB.' },
  414: { code: 'payload-too-large', remedy: 'Send a shorter address.' },
  415: { code: 'unsupported-media-type', remedy: 'Send JSON as application/json, files as multipart/form-data.' },
  429: { code: 'too-many-requests', remedy: 'Wait for the seconds that Retry-After names.' },
};

/**
 * Turns whatever was thrown into an error with a stable code. Nest's and Fastify's own refusals keep their message, because it is
 * about the request; the message of anything unknown is kept as the cause and never shown.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ZodError) return invalidRequest(error.issues, error);
  if (isAbort(error)) return new RequestError('request-cancelled', 'The request was cancelled.', { cause: error });
  const status = refusalStatus(error);
  if (status === undefined || status >= 500) return internalError(error);
  const { code, remedy } = BY_STATUS[status] ?? { code: 'invalid-request' as const, remedy: 'Correct the request and send it again.' };
  return new RequestError(code, (error as Error).message, { remedy, cause: error, retryable: status === 429 });
}

function internalError(cause: unknown): RequestError {
  return new RequestError('internal-error', 'Something went wrong inside the service.', {
    remedy: 'The log names the cause under this requestId.',
    cause,
  });
}

/** The status of a refusal by Nest, Fastify or a plugin of its; nothing for any other error, whatever fields it carries. */
function refusalStatus(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const fromFastify = error instanceof SyntaxError || (typeof code === 'string' && code.startsWith('FST_'));
  return fromFastify && typeof statusCode === 'number' ? statusCode : undefined;
}
