import { storedNorm, storedToken } from './workspace-names.ts';

describe('what keys of an index are made of', () => {
  it('stays as it is up to a length no real name has', () => {
    expect(storedNorm('anna kern')).toBe('anna kern');
    expect(storedToken('x'.repeat(200))).toBe('x'.repeat(200));
  });

  it('is cut beyond, and still tells apart what begins alike', () => {
    const [a, b] = [storedToken(`${'x'.repeat(5000)}a`), storedToken(`${'x'.repeat(5000)}b`)];
    expect([a.length, b.length]).toEqual([200, 200]);
    expect(a).not.toBe(b);
    expect(storedNorm(`${'name '.repeat(500)}end`)).toHaveLength(600);
  });
});
