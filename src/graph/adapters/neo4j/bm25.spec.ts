import { bm25 } from './bm25.ts';

const passage = (key: number, ...lists: number[][]): { key: number; tie: string; terms: Int32Array } => ({ key, tie: '', terms: Int32Array.from(lists.flatMap((list) => [...list, 0])) });
const OF_TEN = { passageCount: 10, meanLength: 3 };

describe('bm25', () => {
  it('counts a word of the title twice, and a word of more passages less', () => {
    const [inTitle = 0, inBody = 0, frequent = 0] = bm25([passage(1, [7], [9, 9]), passage(2, [9], [7, 9]), passage(3, [9], [8, 9])], [[7, 1], [8, 4]], OF_TEN);
    expect(inTitle).toBeGreaterThan(inBody);
    expect(inBody).toBeGreaterThan(frequent);
    expect(frequent).toBeGreaterThan(0);
  });

  it('has the value of the formula', () => {
    const idf = Math.log((10 - 2 + 0.5) / 2.5);
    const [score] = bm25([passage(1, [], [7, 9, 7])], [[7, 2]], OF_TEN);
    expect(score).toBeCloseTo((idf * 2 * 2.2) / (2 + 1.2), 12);
  });

  it('counts a stem that is asked twice twice, and nothing for none', () => {
    const once = bm25([passage(1, [], [7])], [[7, 2]], OF_TEN)[0] ?? 0;
    expect(bm25([passage(1, [], [7])], [[7, 2], [7, 2]], OF_TEN)[0]).toBeCloseTo(2 * once, 12);
    expect([...bm25([passage(1, [], [5])], [[7, 2]], OF_TEN)]).toEqual([0]);
  });
});
