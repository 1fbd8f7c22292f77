import fc from 'fast-check';
import { NameFilter } from './name-filter.ts';

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const name = fc.array(word, { minLength: 1, maxLength: 9 }).map((list) => list.join(' '));

describe('NameFilter', () => {
  it('never misses a name, nor that one may start with its first words', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 50 }), (names) => {
        const filter = new NameFilter(names.length);
        for (const each of names) filter.add(each);
        for (const each of names) {
          const parts = each.split(' ');
          expect(filter.mayHave(each)).toBe(true);
          expect(filter.lengths(parts[0] ?? '', parts[1]) & (1 << (parts.length - 1))).not.toBe(0);
        }
      }),
    );
  });

  it('knows that of most words no name starts with them', () => {
    const filter = new NameFilter(10);
    filter.add('anna kern');
    const others = Array.from({ length: 1000 }, (_, i) => `word${String(i)}`);
    expect(others.filter((other) => filter.lengths(other, 'next') !== 0).length).toBeLessThan(50);
  });
});
