import { requestIdOf } from './request-id.ts';

describe('requestIdOf', () => {
  it('keeps the id that a proxy gave', () => {
    expect(requestIdOf({ headers: { 'x-request-id': 'trace-0123456789' } })).toBe('trace-0123456789');
  });

  it.each([undefined, '', 'short', 'with a space', 'new\nline-in-it', 'x'.repeat(129), ['several-of-them', 'several-of-them']])('makes one instead of %j', (given) => {
    const headers = given === undefined ? {} : { 'x-request-id': given };
    expect(requestIdOf({ headers })).toMatch(/^[0-9a-f-]{36}$/);
  });
});
