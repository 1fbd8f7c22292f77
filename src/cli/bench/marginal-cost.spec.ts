import fc from 'fast-check';
import { partSizes } from './marginal-cost.ts';

describe('partSizes', () => {
  it('cuts thousands, the last one whole, and puts what remains before it', () => {
    expect(partSizes(6119)).toEqual([1000, 1000, 1000, 1000, 1000, 119, 1000]);
    expect(partSizes(3000)).toEqual([1000, 1000, 1000]);
    expect(partSizes(2999)).toBeUndefined();
    expect(partSizes(0)).toBeUndefined();
  });

  it('loses no document', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3000, max: 1_000_000 }), (documents) => {
        const sizes = partSizes(documents) ?? [];
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(documents);
        expect([sizes[1], sizes.at(-1)]).toEqual([1000, 1000]);
      }),
    );
  });
});
