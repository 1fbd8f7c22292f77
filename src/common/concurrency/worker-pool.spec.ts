import fc from 'fast-check';
import { poolOf, type PoolFigures, type PoolOutcome } from './worker-pool.ts';

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const turns = async (count: number): Promise<void> => { for (let i = 0; i < count; i += 1) await turn(); };
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

describe('poolOf', () => {
  it.each([0, -1, 51, 1.5, Number.NaN])('refuses %p workers', (workers) => {
    expect(() => poolOf([1], () => Promise.resolve(1), { workers, order: 'done' })).toThrow(RangeError);
  });

  it('does each item once, in the order asked, however long each takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 4 }), { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), fc.boolean(), async (waits, workers, ordered) => {
        const work = async (i: number): Promise<number> => {
          await turns(waits[i] ?? 0);
          return i * 2;
        };
        const outcomes = await all(poolOf(range(waits.length), work, { workers, order: ordered ? 'input' : 'done' }));
        const indexes = outcomes.map(({ index }) => index);
        if (ordered) expect(indexes).toEqual(range(waits.length));
        expect(indexes.toSorted((a, b) => a - b)).toEqual(range(waits.length));
        for (const outcome of outcomes) expect(outcome).toEqual({ index: outcome.index, item: outcome.index, ok: true, value: outcome.index * 2 });
      }),
      { numRuns: 40 },
    );
  });

  it('starts what waits as soon as a worker is free, however long the reader takes', async () => {
    const started: number[] = [];
    const results = poolOf(range(100), async (i) => { started.push(i); await turn(); }, { workers: 4, order: 'input' });
    await results.next();
    await turns(50);
    // The reader has taken one: twelve others are done or under way, and nothing more was asked of the producer.
    expect(started).toHaveLength(13);
    await results.return(undefined);
  });

  it('asks the producer for no more than three items a worker beyond what was taken', async () => {
    let pulled = 0;
    let taken = 0;
    let most = 0;
    async function* source(): AsyncGenerator<number> {
      for (let i = 0; i < 2000; i += 1) {
        pulled += 1;
        most = Math.max(most, pulled - taken);
        yield await Promise.resolve(i);
      }
    }
    for await (const outcome of poolOf(source(), (i) => Promise.resolve(i), { workers: 5, order: 'done' })) taken += outcome.ok ? 1 : 0;
    expect(taken).toBe(2000);
    // One more may be on its way from the producer when the room is counted.
    expect(most).toBeLessThanOrEqual(16);
  });

  it('records a failing item with its stack and goes on', async () => {
    const progress: PoolFigures[] = [];
    const fail = async (i: number): Promise<number> => {
      await turn();
      if (i % 3 === 0) throw new Error(`item ${String(i)}`);
      return i;
    };
    const outcomes = await all(poolOf(range(9), fail, { workers: 2, order: 'input', onProgress: (figures) => progress.push(figures) }));
    const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome]));
    expect(failed.map(({ index }) => index)).toEqual([0, 3, 6]);
    expect((failed[1]?.error as Error).stack).toContain('worker-pool.spec');
    expect(progress.at(-1)).toMatchObject({ running: 0, succeeded: 6, failed: 3 });
  });

  it('gives what the producer gave before it fails', async () => {
    function* source(): Generator<number> {
      yield 1;
      yield 2;
      throw new Error('the source broke');
    }
    const seen: PoolOutcome<number, number>[] = [];
    const reading = (async (): Promise<void> => {
      for await (const outcome of poolOf(source(), (i) => Promise.resolve(i), { workers: 3, order: 'done' })) seen.push(outcome);
    })();
    await expect(reading).rejects.toThrow('the source broke');
    expect(seen).toHaveLength(2);
  });

  it('stops at an abort, tells the workers and the producer, and waits for both', async () => {
    const controller = new AbortController();
    let open = 0;
    let closed = false;
    function* source(): Generator<number> {
      try {
        for (let i = 0; ; i += 1) yield i;
      } finally {
        closed = true;
      }
    }
    const work = async (_: number, signal: AbortSignal): Promise<void> => {
      open += 1;
      await new Promise((resolve) => { signal.addEventListener('abort', resolve, { once: true }); });
      await turns(3);
      open -= 1;
    };
    const reading = all(poolOf(source(), work, { workers: 3, order: 'done', signal: controller.signal }));
    await turns(5);
    expect(open).toBe(3);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect([open, closed]).toEqual([0, true]);
  });

  it('tells what is under way to stop when the reader leaves', async () => {
    let stopped = 0;
    const work = async (i: number, signal: AbortSignal): Promise<void> => {
      if (i === 0) return;
      await new Promise((resolve) => { signal.addEventListener('abort', resolve, { once: true }); });
      stopped += 1;
    };
    for await (const outcome of poolOf(range(10), work, { workers: 4, order: 'done' })) if (outcome.index === 0) break;
    expect(stopped).toBe(4);
  });
});
