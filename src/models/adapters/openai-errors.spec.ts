import { Redaction } from '../redaction.ts';
import { refusalError, retryAfterMs, ServerRefusal, toModelError } from './openai-errors.ts';

const NOW = Date.UTC(2026, 0, 1);
const NONE = new Redaction([]);

describe('retryAfterMs', () => {
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:20 GMT' }, 20_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': '9', 'retry-after-ms': '120' }, 120],
    [{ 'retry-after': 'later' }, undefined],
    [{}, undefined],
  ])('reads %j', (headers, ms) => {
    expect(retryAfterMs(new Headers(headers as Record<string, string>), NOW)).toBe(ms);
  });
});

describe('refusalError', () => {
  it.each([
    ['{"error":{"message":"no such model","type":"x"}}', 'no such model'],
    ['{"error":"no such model"}', 'no such model'],
    ['{"detail":"no such model"}', 'no such model'],
    ['{"message":"no such model"}', 'no such model'],
    ['no such model', 'no such model'],
    ['{"detail":[{"loc":["body"]}]}', '{"detail":[{"loc":["body"]}]}'],
  ])('finds the sentence in %s', (body, sentence) => {
    const error = refusalError(new ServerRefusal(404, new Headers(), body), NONE, NOW);
    expect(error.message).toBe(`The model server answered 404: ${sentence}`);
    expect(error).toMatchObject({ code: 'model-rejected', status: 404, serverText: body, details: { upstreamStatus: 404, upstreamText: body } });
  });
});

describe('toModelError', () => {
  it('finds a refusal wrapped by a client, and leaves its own errors as they are', () => {
    const refusal = new ServerRefusal(503, new Headers(), '');
    const error = toModelError(new Error('Connection error.', { cause: refusal }), NONE, NOW);
    expect(error).toMatchObject({ code: 'model-unavailable', status: 503, message: 'The model server answered 503' });
    expect(toModelError(error, NONE, NOW)).toBe(error);
  });

  it('names the innermost cause of a lost connection, also when it is in parts', () => {
    const refused = new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')], '');
    const error = toModelError(new TypeError('fetch failed', { cause: refused }), NONE, NOW);
    expect(error.message).toContain('connect ECONNREFUSED ::1:1');
    expect(error.cause).toMatchObject({ message: 'fetch failed' });
  });
});
