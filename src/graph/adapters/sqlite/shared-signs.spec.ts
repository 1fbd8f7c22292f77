import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { type AdvanceSigns, IDLE_MS, MAX_BYTES, SharedSigns } from './shared-signs.ts';
import { SignIndex } from './sign-index.ts';

function finished(version: number, rows = 10): SharedArrayBuffer {
  const index = SignIndex.make(32, rows);
  index.target = version;
  index.finish();
  return index.memory;
}

describe('SharedSigns', () => {
  let clock: FakeClock;
  let signs: SharedSigns;
  beforeEach(() => {
    clock = new FakeClock();
    signs = new SharedSigns(clock);
  });
  afterEach(async () => {
    await signs.onApplicationShutdown();
  });

  const done = (memory: SharedArrayBuffer): AdvanceSigns => () => Promise.resolve({ memory, done: true });
  const unwanted: AdvanceSigns = () => Promise.reject(new Error('not now'));

  it('makes an index at the first question, in steps, once for all who ask meanwhile', async () => {
    const memory = finished(1);
    const seen: (SharedArrayBuffer | undefined)[] = [];
    const advance: AdvanceSigns = (given) => Promise.resolve({ memory, done: seen.push(given) === 3 });
    const asked = await Promise.all([signs.ready({ uid: 'a', advance }), signs.ready({ uid: 'a', advance: unwanted })]);
    expect(asked).toEqual([memory, memory]);
    expect(seen).toEqual([undefined, memory, memory]);
    expect(await signs.ready({ uid: 'a', advance: unwanted })).toBe(memory);
  });

  it('brings an index up to date beside the questions, and before them when it lags far', async () => {
    const memory = finished(1);
    await signs.ready({ uid: 'a', advance: done(memory) });
    new SignIndex(memory).noteLag(2, 20);
    const door = Promise.withResolvers<undefined>();
    let runs = 0;
    const advance: AdvanceSigns = async () => {
      runs += 1;
      await door.promise;
      const index = new SignIndex(memory);
      index.target = 3;
      index.finish();
      return { memory, done: true };
    };
    expect(await signs.ready({ uid: 'a', advance })).toBe(memory);
    new SignIndex(memory).noteLag(3, 20_000);
    const waiting = signs.ready({ uid: 'a', advance });
    door.resolve(undefined);
    expect(await waiting).toBe(memory);
    expect([runs, new SignIndex(memory).lag]).toEqual([1, 0]);
  });

  it('lets go of an index that nobody used for a while, and of no other', async () => {
    await signs.ready({ uid: 'a', advance: done(finished(1)) });
    await clock.advance(IDLE_MS / 2);
    await signs.ready({ uid: 'b', advance: done(finished(1)) });
    await clock.advance(IDLE_MS / 2);
    expect(signs.count).toBe(1);
    const again = finished(2);
    expect(await signs.ready({ uid: 'a', advance: done(again) })).toBe(again);
    await clock.advance(IDLE_MS);
    expect([signs.count, signs.bytes, clock.sleeping]).toEqual([0, 0, 0]);
  });

  it('lets go of those used longest ago when they grow too large together, never of the last', async () => {
    const half = MAX_BYTES / 2 / 8;
    for (const uid of ['a', 'b']) await signs.ready({ uid, advance: done(finished(1, half - 100)) });
    await signs.ready({ uid: 'a', advance: unwanted });
    expect(signs.count).toBe(2);
    await signs.ready({ uid: 'c', advance: done(finished(1)) });
    expect(signs.count).toBe(3);
    await signs.ready({ uid: 'd', advance: done(finished(1, half)) });
    expect(signs.count).toBe(3);
    const huge = finished(1, half * 2);
    expect(await signs.ready({ uid: 'e', advance: done(huge) })).toBe(huge);
    expect([signs.count, signs.bytes]).toEqual([1, huge.byteLength]);
  });

  it('lets go of the index of a workspace that was dropped, also while it is being made', async () => {
    await signs.ready({ uid: 'a', advance: done(finished(1)) });
    signs.drop('a');
    expect(signs.count).toBe(0);
    const door = Promise.withResolvers<undefined>();
    let steps = 0;
    const asked = signs.ready({
      uid: 'b',
      advance: async () => {
        steps += 1;
        await door.promise;
        return { memory: finished(1), done: false };
      },
    });
    signs.drop('b');
    door.resolve(undefined);
    expect(await asked).toBeUndefined();
    expect([steps, signs.count]).toEqual([1, 0]);
  });

  it('lets the question go on without an index that cannot be made, and tries again', async () => {
    expect(await signs.ready({ uid: 'a', advance: unwanted })).toBeUndefined();
    expect(await signs.ready({ uid: 'a', advance: () => Promise.resolve(undefined) })).toBeUndefined();
    const memory = finished(1);
    expect(await signs.ready({ uid: 'a', advance: done(memory) })).toBe(memory);
  });

  it('ends the wait of a caller that is aborted, and waits at its own end for what runs', async () => {
    const door = Promise.withResolvers<undefined>();
    const controller = new AbortController();
    const advance: AdvanceSigns = async () => {
      await door.promise;
      return { memory: finished(1), done: false };
    };
    const asked = signs.ready({ uid: 'a', advance, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    const closing = signs.onApplicationShutdown();
    door.resolve(undefined);
    await closing;
    expect(await signs.ready({ uid: 'a', advance: unwanted })).toBeUndefined();
    expect(clock.sleeping).toBe(0);
  });
});
