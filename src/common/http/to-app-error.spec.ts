import { BadRequestException, ForbiddenException, InternalServerErrorException, NotFoundException, PayloadTooLargeException } from '@nestjs/common';
import { z } from 'zod';
import { RequestError } from '../errors/request.errors.ts';
import { invalidRequest } from './invalid-request.ts';
import { problemOf } from './problem.ts';
import { toAppError } from './to-app-error.ts';

function fastifyError(code: string, statusCode: number): Error {
  return Object.assign(new Error('words of the framework'), { code, statusCode });
}

describe('toAppError', () => {
  it.each([
    ['a missing route', new NotFoundException('Cannot GET /nowhere'), 'route-not-found'],
    ['a foreign page', new ForbiddenException('cross-origin'), 'right-missing'],
    ['a long body, by Nest', new PayloadTooLargeException(), 'payload-too-large'],
    ['a long body, by Fastify', fastifyError('FST_ERR_CTP_BODY_TOO_LARGE', 413), 'payload-too-large'],
    ['a long file', fastifyError('FST_REQ_FILE_TOO_LARGE', 413), 'payload-too-large'],
    ['an unknown media type', fastifyError('FST_ERR_CTP_INVALID_MEDIA_TYPE', 415), 'unsupported-media-type'],
    ['no JSON', Object.assign(new SyntaxError('Unexpected token'), { statusCode: 400 }), 'invalid-request'],
    ['any other refusal', new BadRequestException('no'), 'invalid-request'],
    ['an aborted operation', Object.assign(new Error('gone'), { name: 'AbortError' }), 'request-cancelled'],
    ['a fault of Nest', new InternalServerErrorException('inside'), 'internal-error'],
    ['a fault of Fastify', fastifyError('FST_ERR_SEND_INSIDE_ONERR', 500), 'internal-error'],
    ['a vendor’s error that has a status by chance', Object.assign(new Error('no such model'), { statusCode: 404 }), 'internal-error'],
    ['an error nobody foresaw', new TypeError('x is not a function'), 'internal-error'],
    ['something that is no error', 'thrown text', 'internal-error'],
    ['nothing', undefined, 'internal-error'],
  ])('gives %s its code', (_, thrown, code) => {
    expect(toAppError(thrown).code).toBe(code);
  });

  it('keeps an error that has a code already', () => {
    const error = new RequestError('question-empty', 'empty');
    expect(toAppError(error)).toBe(error);
  });

  it('names every fault of a schema with its path', () => {
    const { error } = z.object({ filter: z.object({ from: z.number() }), k: z.number().max(3) }).safeParse({ filter: { from: 'x' }, k: 4 });
    const found = toAppError(error);
    expect((found.details['issues'] as { path: string }[]).map(({ path }) => path)).toEqual(['filter.from', 'k']);
    expect(found.message).toContain('filter.from: ');
  });

  it('never shows what an unforeseen error says, and keeps it as the cause', () => {
    const cause = new Error('password=hunter2');
    const error = toAppError(cause);
    expect(JSON.stringify(problemOf(error, 'id'))).not.toContain('hunter2');
    expect(error.cause).toBe(cause);
  });
});

describe('invalidRequest', () => {
  it('lists twenty faults and counts the rest', () => {
    const issues = Array.from({ length: 25 }, (_, nth) => ({ message: 'wrong', path: ['items', nth] }));
    const error = invalidRequest(issues);
    expect(error.details['issues']).toHaveLength(20);
    expect(error.message).toMatch(/items\.19: wrong \(and 5 more\)$/);
  });
});

describe('problemOf', () => {
  it('lets no detail stand in for a member of its own', () => {
    const error = new RequestError('question-empty', 'empty', { details: { status: 200, code: 'fine', limit: 3 }, remedy: 'Ask.' });
    expect(problemOf(error, 'the-id')).toEqual({
      type: 'urn:graphrag-chat:error:question-empty',
      title: 'Question empty',
      status: 400,
      detail: 'empty',
      code: 'question-empty',
      requestId: 'the-id',
      remedy: 'Ask.',
      limit: 3,
    });
  });
});
