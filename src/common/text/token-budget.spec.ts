import fc from 'fast-check';
import { cutToTokens, evenShares } from './token-budget.ts';
import { countTokens } from './tokens.ts';

const sum = (list: readonly number[]): number => list.reduce((total, each) => total + each, 0);

describe('cutToTokens', () => {
  it('leaves what fits as it is', () => {
    expect(cutToTokens('A short text.', 10)).toBe('A short text.');
    expect(cutToTokens('', 0)).toBe('');
  });

  it.each(['word '.repeat(500), '漢字'.repeat(400), '😀'.repeat(300), 'a'.repeat(5000), '<|endoftext|>'.repeat(200)])('cuts %#, at no half character', (text) => {
    const cut = cutToTokens(text, 50);
    expect(countTokens(cut)).toBeLessThanOrEqual(51);
    expect(cut.isWellFormed()).toBe(true);
    expect(cut.endsWith('…')).toBe(true);
    expect(text.startsWith(cut.slice(0, -1))).toBe(true);
  });
});

describe('evenShares', () => {
  it('gives what short texts leave over to the long ones', () => {
    expect(evenShares([10, 100, 30, 200], 140)).toEqual([10, 50, 30, 50]);
    expect(evenShares([10, 20], 100)).toEqual([10, 20]);
    expect(evenShares([], 100)).toEqual([]);
  });

  it('stays within the whole, wastes less than one token a text, and cuts no text while another has more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600), { maxLength: 30 }), fc.nat(5000), (lengths, tokens) => {
        const shares = evenShares(lengths, tokens);
        expect(sum(shares)).toBeLessThanOrEqual(tokens);
        expect(sum(shares)).toBeGreaterThanOrEqual(Math.min(sum(lengths), tokens - lengths.length));
        const most = Math.max(0, ...shares);
        for (const [i, share] of shares.entries()) if (share < (lengths[i] ?? 0)) expect(share).toBe(most);
      }),
    );
  });
});
