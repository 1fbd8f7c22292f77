import { RequestError } from '../errors/request.errors.ts';
import { type LoggedError, serializeError, withoutSecrets } from './error-serializer.ts';

describe('serializeError', () => {
  it('keeps code, details, stack and the whole chain of causes', () => {
    const root = new TypeError('the socket closed');
    const middle = new Error('the call failed', { cause: root });
    const logged = serializeError(new RequestError('internal-error', 'outer', { cause: middle, details: { attempt: 2 } })) as LoggedError;
    expect(logged).toMatchObject({ type: 'RequestError', code: 'internal-error', message: 'outer', details: { attempt: 2 } });
    expect(logged.stack).toContain('error-serializer.spec');
    expect(logged.cause).toMatchObject({ type: 'Error', message: 'the call failed', cause: { type: 'TypeError', message: 'the socket closed' } });
  });

  it('ends a circle of causes', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(serializeError(error)).match(/"message":"round"/g)).toHaveLength(9);
  });

  it('shows the errors of an aggregate', () => {
    const logged = serializeError(new AggregateError([new Error('one'), new Error('two')], 'all failed')) as LoggedError;
    expect(logged.errors).toMatchObject([{ message: 'one' }, { message: 'two' }]);
  });

  it('leaves a vendor’s headers and bodies out', () => {
    const vendor = Object.assign(new Error('refused'), { headers: { authorization: 'Bearer abc' }, request: { body: 'text' } });
    expect(Object.keys(serializeError(vendor) as object).sort()).toEqual(['message', 'stack', 'type']);
  });

  it('passes on what is no error', () => {
    expect(serializeError({ odd: 1 })).toEqual({ odd: 1 });
    expect(serializeError('sent Bearer abcdefgh')).toBe('sent Bearer [hidden]');
  });
});

describe('withoutSecrets', () => {
  it.each([
    ['Incorrect API key provided: sk-proj-0123456789abcdef.', 'Incorrect API key provided: [hidden].'],
    ['GET /?token=abc_DEF-123&x=1 failed', 'GET /?token=[hidden]&x=1 failed'],
    [`key grc_${'0'.repeat(32)}_${'a'.repeat(43)} is wrong`, 'key [hidden] is wrong'],
    ['authorization: bearer eyJhbGciOi.J9.x', 'authorization: bearer [hidden]'],
    ['nothing to hide', 'nothing to hide'],
  ])('hides what %j holds', (text, hidden) => {
    expect(withoutSecrets(text)).toBe(hidden);
  });
});
