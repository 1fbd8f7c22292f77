import fc from 'fast-check';
import type { DocumentEnd } from './cut-documents.ts';
import { groupParts } from './part-groups.ts';

interface Part {
  readonly isNew: boolean;
}

const END = { document: {}, end: true } as unknown as DocumentEnd;
const groupsOf = async (parts: readonly (Part | DocumentEnd)[], size: number): Promise<(Part | DocumentEnd)[][]> => {
  async function* given(): AsyncGenerator<Part | DocumentEnd> {
    for (const part of parts) yield await Promise.resolve(part);
  }
  return await Array.fromAsync(groupParts<Part>(given(), size, ({ isNew }) => isNew));
};

describe('groupParts', () => {
  it('keeps all parts in order, and no group begins with an end unless the one before is full of them', async () => {
    const part = fc.oneof(fc.constant(END), fc.boolean().map((isNew): Part => ({ isNew })));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 200 }), fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const groups = await groupsOf(parts, size);
        expect(groups.flat()).toEqual(parts);
        const counted = groups.map((group) => group.filter((each) => 'isNew' in each && each.isNew).length);
        expect(counted.slice(0, -1).every((count) => count === size)).toBe(true);
        expect(groups.slice(1).every(([first]) => first !== END)).toBe(true);
      }),
    );
  });

  it('makes a new group when one has a thousand parts, whatever they are', async () => {
    const groups = await groupsOf(Array.from({ length: 2500 }, () => END), 5);
    expect(groups.map(({ length }) => length)).toEqual([1000, 1000, 500]);
  });
});
