import { FakeCacheStore } from '../../test/fakes/fake-cache-store.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { RecordedLogs } from '../../test/fakes/recorded-logs.ts';
import { SYSTEM_SCOPE, workspaceScope } from '../storage/storage.types.ts';
import { CacheService } from './cache.service.ts';
import type { CacheKey, TierFigures } from './cache.types.ts';

const TTL_MS = 10_000;
const key = (...parts: string[]): CacheKey => ({ kind: 'test', version: 'model-1', parts });
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe('CacheService', () => {
  let clock: FakeClock;
  let upper: FakeCacheStore;
  let lower: FakeCacheStore;
  let cache: CacheService;
  let logs: RecordedLogs;

  beforeEach(() => {
    clock = new FakeClock();
    upper = new FakeCacheStore(clock, 'memory');
    lower = new FakeCacheStore(clock, 'file');
    cache = new CacheService([upper, lower], { ttlMs: TTL_MS }, clock);
    logs = new RecordedLogs();
  });
  afterEach(() => {
    logs.stop();
  });

  const figuresOf = (tier: string): TierFigures | undefined => cache.figures().find((each) => each.tier === tier);
  const only = (...stores: FakeCacheStore[]): CacheService => new CacheService(stores, { ttlMs: TTL_MS }, clock);

  it('asks the tiers in order and no further than needed', async () => {
    await cache.set(SYSTEM_SCOPE, key('a'), bytes('value'));
    expect(await cache.get(SYSTEM_SCOPE, key('a'))).toEqual(bytes('value'));
    expect(lower.calls.get).toBe(0);
    expect(figuresOf('memory')).toMatchObject({ hits: 1, misses: 0, state: 'up' });
  });

  it('promotes a hit below for the rest of its time, and names the tier of the hit', async () => {
    await only(lower).set(SYSTEM_SCOPE, key('a'), bytes('value'));
    await clock.advance(TTL_MS - 1000);
    expect(await cache.get(SYSTEM_SCOPE, key('a'))).toEqual(bytes('value'));
    expect(logs.texts('debug')).toEqual(['cache hit in file']);
    expect(await cache.get(SYSTEM_SCOPE, key('a'))).toEqual(bytes('value'));
    expect(logs.texts('debug')).toEqual(['cache hit in file', 'cache hit in memory']);
    await clock.advance(1000);
    expect(await only(upper).get(SYSTEM_SCOPE, key('a'))).toBeUndefined();
  });

  it('answers many keys from several tiers in order', async () => {
    await only(upper).set(SYSTEM_SCOPE, key('a'), bytes('1'));
    await only(lower).setMany(SYSTEM_SCOPE, [
      { key: key('c'), value: bytes('3') },
      { key: key('e'), value: new Uint8Array() },
    ]);
    const values = await cache.getMany(SYSTEM_SCOPE, ['c', 'b', 'a', 'e', 'c'].map((part) => key(part)));
    expect(values).toEqual([bytes('3'), undefined, bytes('1'), new Uint8Array(), bytes('3')]);
    expect(figuresOf('file')).toMatchObject({ hits: 3, misses: 1 });
  });

  it('tells apart kinds, versions, parts and scopes', async () => {
    await cache.set(SYSTEM_SCOPE, key('ab', 'c'), bytes('x'));
    expect(await cache.get(SYSTEM_SCOPE, key('a', 'bc'))).toBeUndefined();
    expect(await cache.get(SYSTEM_SCOPE, { ...key('ab', 'c'), version: 'model-2' })).toBeUndefined();
    expect(await cache.get(SYSTEM_SCOPE, { ...key('ab', 'c'), kind: 'other' })).toBeUndefined();
    expect(await cache.get(workspaceScope({ uid: 'w' }), key('ab', 'c'))).toBeUndefined();
    expect(await cache.get(SYSTEM_SCOPE, key('ab', 'c'))).toEqual(bytes('x'));
  });

  it('forgets a key or a scope in every tier', async () => {
    await cache.set(SYSTEM_SCOPE, key('a'), bytes('a'));
    await cache.set(SYSTEM_SCOPE, key('b'), bytes('b'));
    await cache.delete(SYSTEM_SCOPE, key('a'));
    expect(await cache.getMany(SYSTEM_SCOPE, [key('a'), key('b')])).toEqual([undefined, bytes('b')]);
    await cache.clear(SYSTEM_SCOPE);
    expect(await cache.get(SYSTEM_SCOPE, key('b'))).toBeUndefined();
  });

  it('keeps a value no longer than asked', async () => {
    await cache.set(SYSTEM_SCOPE, key('a'), bytes('a'), { ttlMs: 100 });
    await cache.set(SYSTEM_SCOPE, key('never'), bytes('a'), { ttlMs: 0 });
    expect(await cache.get(SYSTEM_SCOPE, key('never'))).toBeUndefined();
    await clock.advance(100);
    expect(await cache.get(SYSTEM_SCOPE, key('a'))).toBeUndefined();
  });

  it('skips a failing tier, says so once, and once when it is back', async () => {
    upper.away = 'read';
    for (let i = 0; i < 20; i += 1) {
      await cache.set(SYSTEM_SCOPE, key(String(i)), bytes('v'));
      expect(await cache.get(SYSTEM_SCOPE, key(String(i)))).toEqual(bytes('v'));
      await clock.advance(300);
    }
    expect(logs.texts('warn')).toEqual(['cache tier memory failed and is skipped until it answers again']);
    expect(logs.lines.find(({ level }) => level === 'warn')?.data).toMatchObject({ tier: 'memory', err: { code: 'cache-unavailable' } });
    expect(figuresOf('memory')).toMatchObject({ state: 'down', hits: 0, misses: 0 });
    // Two trials a second at most, in six seconds.
    const calls = Object.values(upper.calls).reduce((sum, count) => sum + count, 0);
    expect(calls).toBeLessThan(14);
    expect(figuresOf('memory')).toMatchObject({ errors: calls });

    upper.away = 'no';
    await clock.advance(1000);
    await cache.get(SYSTEM_SCOPE, key('1'));
    await clock.advance(0);
    expect(figuresOf('memory')).toMatchObject({ state: 'up' });
    expect(logs.texts('log')).toEqual(['cache tier memory is back']);
    expect(logs.texts('warn')).toHaveLength(1);
  });

  it('still reads from a tier that cannot be written to, without going back and forth', async () => {
    await cache.set(SYSTEM_SCOPE, key('a'), bytes('a'));
    lower.away = 'write';
    const below = only(lower);
    for (let i = 0; i < 10; i += 1) {
      await below.set(SYSTEM_SCOPE, key('b'), bytes('b'));
      expect(await below.get(SYSTEM_SCOPE, key('a'))).toEqual(bytes('a'));
      await clock.advance(600);
    }
    expect(logs.texts('warn')).toHaveLength(1);
    expect(logs.texts('log')).toHaveLength(0);
  });

  it.each(['read', 'write'] as const)('does not believe what a tier should have forgotten while it was away (%s)', async (away) => {
    await cache.set(SYSTEM_SCOPE, key('deleted'), bytes('old'));
    await cache.set(SYSTEM_SCOPE, key('replaced'), bytes('old'));
    await cache.set(workspaceScope({ uid: 'w' }), key('cleared'), bytes('old'));
    const below = only(lower);
    lower.away = away;
    await below.delete(SYSTEM_SCOPE, key('deleted'));
    await below.set(SYSTEM_SCOPE, key('replaced'), bytes('new'));
    await below.clear(workspaceScope({ uid: 'w' }));
    for (const back of [false, true, true]) {
      if (back) lower.away = 'no';
      await clock.advance(2000);
      expect(await below.getMany(SYSTEM_SCOPE, [key('deleted'), key('replaced')])).toEqual([undefined, undefined]);
      expect(await below.get(workspaceScope({ uid: 'w' }), key('cleared'))).toBeUndefined();
      await below.set(SYSTEM_SCOPE, key('other'), bytes('x'));
    }
    await below.set(SYSTEM_SCOPE, key('replaced'), bytes('newest'));
    expect(await below.get(SYSTEM_SCOPE, key('replaced'))).toEqual(bytes('newest'));
  });

  it('lets nobody wait for a tier that failed: the trial goes on beside the calls', async () => {
    const below = only(lower);
    lower.away = 'read';
    await below.get(SYSTEM_SCOPE, key('a'));
    const trial = Promise.withResolvers<undefined>();
    lower.slow = trial.promise;
    lower.away = 'no';
    await clock.advance(1000);
    for (let i = 0; i < 3; i += 1) expect(await below.get(SYSTEM_SCOPE, key('a'))).toBeUndefined();
    expect(below.figures()).toMatchObject([{ state: 'down', skipped: 3 }]);
    trial.resolve(undefined);
    await clock.advance(0);
    expect(below.figures()).toMatchObject([{ state: 'up' }]);
    expect(below.figures()[0]).not.toHaveProperty('reason');
  });

  it('asks no further tier once a look-up has taken long', async () => {
    const slow = Promise.withResolvers<undefined>();
    upper.slow = slow.promise;
    const found = cache.get(SYSTEM_SCOPE, key('a'));
    await clock.advance(100);
    slow.resolve(undefined);
    expect(await found).toBeUndefined();
    expect(lower.calls.get).toBe(0);
  });

  it('looks at tiers that nobody uses, so that health tells of now', async () => {
    lower.away = 'read';
    expect(await cache.look()).toMatchObject([{ state: 'up' }, { state: 'down', reason: 'The tier file is away.' }]);
    lower.away = 'no';
    await clock.advance(1000);
    expect(await cache.look()).toMatchObject([{ state: 'up' }, { state: 'up' }]);
  });

  it('works without any tier', async () => {
    const none = only();
    await none.set(SYSTEM_SCOPE, key('a'), bytes('a'));
    expect(await none.getOrLoad(SYSTEM_SCOPE, key('a'), () => Promise.resolve(bytes('loaded')))).toEqual(bytes('loaded'));
  });
});

describe('CacheService.getOrLoad', () => {
  const clock = new FakeClock();
  let cache: CacheService;
  let loads: { readonly signal: AbortSignal; readonly finish: (value: Uint8Array) => void; readonly fail: (error: Error) => void }[];
  const settled = (): Promise<void> => clock.advance(0);
  const load = (signal: AbortSignal): Promise<Uint8Array> => {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    loads.push({ signal, finish: resolve, fail: reject });
    return promise;
  };

  beforeEach(() => {
    loads = [];
    cache = new CacheService([new FakeCacheStore(clock, 'memory')], { ttlMs: TTL_MS }, clock);
  });

  it('loads once for many callers, and not again afterwards', async () => {
    const callers = Array.from({ length: 50 }, () => cache.getOrLoad(SYSTEM_SCOPE, key('a'), load));
    await settled();
    expect(loads).toHaveLength(1);
    loads[0]?.finish(bytes('v'));
    const values = await Promise.all(callers);
    values[0]?.fill(0);
    expect(values[1]).toEqual(bytes('v'));
    expect(await cache.getOrLoad(SYSTEM_SCOPE, key('a'), load)).toEqual(bytes('v'));
    expect(loads).toHaveLength(1);
  });

  it('fails all who wait, keeps nothing, and loads anew for the next', async () => {
    const callers = [cache.getOrLoad(SYSTEM_SCOPE, key('a'), load), cache.getOrLoad(SYSTEM_SCOPE, key('a'), load)];
    await settled();
    loads[0]?.fail(new RangeError('no'));
    const results = await Promise.allSettled(callers);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = cache.getOrLoad(SYSTEM_SCOPE, key('a'), load);
    await settled();
    loads[1]?.finish(bytes('v'));
    expect(await next).toEqual(bytes('v'));
  });

  it('lets one caller leave without failing the others', async () => {
    const controller = new AbortController();
    const leaving = cache.getOrLoad(SYSTEM_SCOPE, key('a'), load, { signal: controller.signal });
    const staying = cache.getOrLoad(SYSTEM_SCOPE, key('a'), load);
    await settled();
    controller.abort(new RangeError('gone'));
    await expect(leaving).rejects.toThrow('gone');
    expect(loads[0]?.signal.aborted).toBe(false);
    loads[0]?.finish(bytes('v'));
    expect(await staying).toEqual(bytes('v'));
  });

  it('stops the load when all have left, and a newcomer starts another', async () => {
    const controllers = [new AbortController(), new AbortController()];
    const leaving = controllers.map(({ signal }) => cache.getOrLoad(SYSTEM_SCOPE, key('a'), load, { signal }));
    await settled();
    for (const controller of controllers) controller.abort(new RangeError('gone'));
    await Promise.allSettled(leaving);
    expect(loads[0]?.signal.aborted).toBe(true);
    const newcomer = cache.getOrLoad(SYSTEM_SCOPE, key('a'), load);
    await settled();
    loads[0]?.fail(new Error('stopped'));
    loads[1]?.finish(bytes('v'));
    expect(await newcomer).toEqual(bytes('v'));
  });

  it('does not begin for a caller that has left already', async () => {
    await expect(cache.getOrLoad(SYSTEM_SCOPE, key('a'), load, { signal: AbortSignal.abort(new RangeError('gone')) })).rejects.toThrow('gone');
    expect(loads).toHaveLength(0);
  });
});
