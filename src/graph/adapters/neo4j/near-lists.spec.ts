import { MENTION, TITLE } from '../../indexing/name-links.ts';
import { NearLists } from './near-lists.ts';

/** Packed: kind, name, count of sentences, the sentences. */
const near = [
  { key: 4, document: 1, links: Int32Array.of(TITLE, 7, 0, MENTION, 8, 2, 0, 3) },
  { key: 9, document: 2, links: Int32Array.of(MENTION, 8, 1, 5, MENTION, 7, 1, 0) },
];

describe('NearLists', () => {
  it('finds the near passages that have a name, by kind of link, in their order', () => {
    const lists = new NearLists(near, undefined);
    expect([lists.passagesWith(8, MENTION), lists.passagesWith(7, TITLE), lists.passagesWith(7, MENTION), lists.passagesWith(3, MENTION)]).toEqual([[4, 9], [4], [9], []]);
  });

  it('leaves out passages of other documents than those allowed', () => {
    expect(new NearLists(near, [2]).passagesWith(8, MENTION)).toEqual([9]);
    expect(new NearLists(near, []).passagesWith(8, MENTION)).toEqual([]);
  });
});
