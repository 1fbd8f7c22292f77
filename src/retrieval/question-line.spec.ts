import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { QuestionLine } from './question-line.ts';

const settled = async (promises: readonly Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(promises)).map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as { code?: string }).code));

describe('QuestionLine', () => {
  const clock = new FakeClock();
  const open = (atOnce: number): { line: QuestionLine; doors: PromiseWithResolvers<string>[]; ask: (signal?: AbortSignal) => Promise<string> } => {
    const line = new QuestionLine(atOnce, clock);
    const doors: PromiseWithResolvers<string>[] = [];
    const ask = (signal?: AbortSignal): Promise<string> =>
      line.run(() => {
        const door = Promise.withResolvers<string>();
        doors.push(door);
        return door.promise;
      }, signal);
    return { line, doors, ask };
  };

  it('sends those away who wait while nobody is served, and takes the next when the store is back', async () => {
    const { doors, ask } = open(2);
    const first = [ask(), ask()];
    const waiting = [ask(), ask()];
    const refused = settled(waiting);
    await clock.advance(1499);
    expect(doors).toHaveLength(2);
    await clock.advance(1);
    expect(await refused).toEqual(['store-busy', 'store-busy']);
    const next = ask();
    for (const door of doors) door.resolve('served');
    expect(await settled(first)).toEqual(['served', 'served']);
    await clock.advance(0);
    doors[2]?.resolve('soon');
    expect(await next).toBe('soon');
  });

  it('lets people wait for up to ten seconds in a line that moves', async () => {
    const { doors, ask } = open(1);
    const all = settled(Array.from({ length: 14 }, () => ask()));
    for (let second = 0; second < 14; second += 1) {
      await clock.advance(1000);
      doors[second]?.resolve('served');
      await clock.advance(0);
    }
    const outcomes = await all;
    expect(outcomes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'served'));
    expect(outcomes.slice(11)).toEqual(['store-busy', 'store-busy', 'store-busy']);
  });

  it('lets one who gives up leave', async () => {
    const { doors, ask } = open(1);
    const first = ask();
    const controller = new AbortController();
    const second = ask(controller.signal);
    const third = ask();
    controller.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    doors[0]?.resolve('first');
    expect(await first).toBe('first');
    await clock.advance(0);
    doors[1]?.resolve('third');
    expect(await third).toBe('third');
  });
});
