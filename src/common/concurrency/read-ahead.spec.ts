import { readAhead } from './read-ahead.ts';

describe('readAhead', () => {
  const state = { given: 0, ended: false };
  async function* source(count: number, fails = false): AsyncGenerator<number> {
    try {
      for (let i = 0; i < count; i += 1) {
        state.given += 1;
        yield await Promise.resolve(i);
      }
      if (fails) throw new Error('broke');
    } finally {
      state.ended = true;
    }
  }
  beforeEach(() => Object.assign(state, { given: 0, ended: false }));

  it('gives the same items in the same order', async () => {
    expect(await Array.fromAsync(readAhead(source(20), 3))).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(await Array.fromAsync(readAhead(source(0), 3))).toEqual([]);
  });

  it('asks for no more than so many before they are wanted', async () => {
    const items = readAhead(source(20), 4);
    await items.next();
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(state.given).toBe(5);
    await items.return(undefined);
    expect(state.ended).toBe(true);
  });

  it('fails behind what the source gave', async () => {
    const seen: number[] = [];
    const reading = (async (): Promise<void> => { for await (const item of readAhead(source(2, true), 5)) seen.push(item); })();
    await expect(reading).rejects.toThrow('broke');
    expect(seen).toEqual([0, 1]);
  });
});
