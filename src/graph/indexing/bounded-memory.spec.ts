import fc from 'fast-check';
import { BoundedMemory } from './bounded-memory.ts';

describe('BoundedMemory', () => {
  it('keeps what was used lately and forgets the rest', () => {
    const memory = new BoundedMemory<number, string>(8);
    for (let key = 0; key < 5; key += 1) memory.set(key, String(key));
    expect(memory.get(0)).toBe('0');
    for (let key = 5; key < 8; key += 1) memory.set(key, String(key));
    expect(memory.get(0)).toBe('0');
    expect(memory.get(1)).toBeUndefined();
  });

  it('weighs a key too, where it is told to', () => {
    const memory = new BoundedMemory<string, number>(20, (_, key) => key.length);
    for (const key of ['aaaaaaaa', 'bbbbbbbb', 'cccccccc', 'dddddddd']) memory.set(key, 1);
    expect(['aaaaaaaa', 'bbbbbbbb', 'cccccccc', 'dddddddd'].filter((key) => memory.get(key) !== undefined)).toEqual(['cccccccc', 'dddddddd']);
  });

  it('reads what is missing in one go and remembers what is not there', () => {
    const memory = new BoundedMemory<string, number>(100);
    const asked: string[][] = [];
    const read = (missing: string[]): [string, number][] => {
      asked.push(missing);
      return missing.filter((key) => key !== 'none').map((key) => [key, key.length]);
    };
    expect([...memory.all(['a', 'bb', 'none', 'a'], read, 0)]).toEqual([['a', 1], ['bb', 2], ['none', 0]]);
    expect(memory.all(['none', 'ccc', 'a'], read, 0).get('ccc')).toBe(3);
    expect(asked).toEqual([['a', 'bb', 'none'], ['ccc']]);
  });

  it('never holds more than its limit, and never gives a wrong value', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 300 }), fc.integer({ min: 2, max: 40 }), (keys, limit) => {
        const memory = new BoundedMemory<number, number>(limit);
        for (const key of keys) expect(memory.all([key], ([missing = 0]) => [[missing, missing * 3]], -1).get(key)).toBe(key * 3);
        const held = Array.from({ length: 51 }, (_, key) => key).filter((key) => memory.get(key) !== undefined);
        expect(held.length).toBeLessThanOrEqual(limit + 1);
      }),
    );
  });
});
