import fc from 'fast-check';
import { inspect } from 'node:util';
import { Redaction } from './redaction.ts';

describe('Redaction', () => {
  it('takes secrets, bearer tokens and what looks like a key out of a text', () => {
    const text = new Redaction(['hush', undefined, '']).text('hush! Bearer abc.def and sk-proj-0123456789, not risk-free');
    expect(text).toBe('[redacted]! [redacted] and [redacted], not risk-free');
  });

  it('never cuts a secret in half, wherever it stands', () => {
    fc.assert(
      fc.property(fc.nat(3000), (at) => {
        expect(new Redaction(['secretsecret']).text(`${'x'.repeat(at)}secretsecret`)).not.toContain('secret');
      }),
    );
  });

  it('keeps the stack and the causes of an error, without secrets and without anything else it holds', () => {
    const cause = Object.assign(new TypeError('connect to hush failed'), { headers: { authorization: 'hush' } });
    const copy = new Redaction(['hush']).error(new Error('call with hush', { cause }));
    const shown = inspect(copy, { depth: 9, showHidden: true });
    expect(shown).not.toContain('hush');
    expect(copy?.stack).toContain('redaction.spec.ts');
    expect(copy?.cause).toMatchObject({ name: 'TypeError', message: 'connect to [redacted] failed' });
  });

  it('ends with causes that go round', () => {
    const error = new Error('round');
    error.cause = error;
    expect(new Redaction([]).error(error)).toBeInstanceOf(Error);
    expect(new Redaction([]).error('no error')).toBeUndefined();
  });
});
