import fc from 'fast-check';
import { linkInts } from './name-links.ts';
import { packTerms, scanTerms } from './packed-terms.ts';

const scanned = (packed: Uint8Array): number[][] => {
  const lists: number[][] = [];
  let list: number[] = [];
  const visit = (term: number, sentence: number): void => {
    expect(sentence).toBe(lists.length - 1);
    list.push(term);
  };
  scanTerms(linkInts(packed), visit, () => {
    lists.push(list);
    list = [];
  });
  return lists;
};

describe('packed terms', () => {
  it('come out as they went in, the title as -1, empty sentences too', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 2 ** 31 - 1 })), { minLength: 1, maxLength: 8 }), (lists) => {
      expect(scanned(packTerms(lists))).toEqual(lists);
    }));
  });

  it('are read wherever they lie in memory', () => {
    const packed = packTerms([[1], [], [2, 3]]);
    const shifted = new Uint8Array(packed.length + 1);
    shifted.set(packed, 1);
    expect(scanned(shifted.subarray(1))).toEqual([[1], [], [2, 3]]);
  });
});
