import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { MemcachedCacheStore } from '../../src/cache/adapters/memcached/memcached-cache-store.ts';
import { RedisCacheStore } from '../../src/cache/adapters/redis/redis-cache-store.ts';
import type { RemoteCacheStore } from '../../src/cache/adapters/remote-cache-store.ts';
import { CacheService } from '../../src/cache/cache.service.ts';
import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import { SystemClock } from '../../src/common/clock/system-clock.ts';
import { SYSTEM_SCOPE, workspaceScope } from '../../src/storage/storage.types.ts';
import { RecordedLogs } from '../fakes/recorded-logs.ts';
import { TcpFaultProxy } from '../fakes/tcp-fault-proxy.ts';
import { CacheLoad } from '../fixtures/cache-load.ts';
import { installed, MEMCACHED_PROGRAM, PrivateServer, redisProgram } from '../fixtures/private-server.ts';
import { describeWith } from '../fixtures/services.ts';

/** What a caller may wait for the cache, and a tier be left alone after its return. */
const LONGEST_WAIT_MS = 200;
const LONGEST_RETURN_MS = 2000;
const HOUR_MS = 3_600_000;
const PASSWORD = 'hush-of-the-cache';

const clock = new SystemClock();
const ids = new RandomIdSource();
const tiers = {
  redis: { program: redisProgram(PASSWORD), store: (port: number) => new RedisCacheStore(`redis://:${PASSWORD}@127.0.0.1:${String(port)}`, clock, ids) },
  memcached: { program: MEMCACHED_PROGRAM, store: (port: number) => new MemcachedCacheStore(`127.0.0.1:${String(port)}`, clock, ids) },
};

describe.each(['redis', 'memcached'] as const)('A cache whose %s is disturbed', (tier) => {
  describeWith(installed(tiers[tier].program), 'on a server of its own', (program) => {
    let server: PrivateServer;
    let proxy: TcpFaultProxy;
    let store: RemoteCacheStore;
    let load: CacheLoad;
    let logs: RecordedLogs;

    beforeEach(async () => {
      logs = new RecordedLogs();
      server = await PrivateServer.start(program);
      proxy = await TcpFaultProxy.start({ port: server.port, seed: 5 });
      store = tiers[tier].store(proxy.port);
      await store.onModuleInit();
      load = new CacheLoad(new CacheService([store], { ttlMs: HOUR_MS }, clock));
      await load.untilHit(tier);
    });
    afterEach(async () => {
      await load.end();
      await store.onApplicationShutdown();
      await proxy.stop();
      await server.remove();
      logs.stop();
    });

    const expectNobodyNoticed = (): void => {
      expect(load.faults).toEqual([]);
      expect(load.longestMs).toBeLessThanOrEqual(LONGEST_WAIT_MS);
    };
    const disturbed = async (disturb: () => Promise<void> | void, restore: () => Promise<void> | void): Promise<void> => {
      await disturb();
      await load.until(() => load.figures(tier)?.state === 'down');
      // Longer than any time limit of a client, so that each of them has had its turn.
      await load.proceed(2000);
      expect(load.figures(tier)?.state).toBe('down');
      await restore();
      expect(await load.untilHit(tier)).toBeLessThanOrEqual(LONGEST_RETURN_MS);
      await load.proceed(500);
      expect(load.figures(tier)?.state).toBe('up');
      expectNobodyNoticed();
      expect(logs.texts('warn')).toEqual([`cache tier ${tier} failed and is skipped until it answers again`]);
    };

    it('goes on when it is killed, and uses it again when it is restarted', () => disturbed(() => server.kill(), () => server.restart()), 30_000);

    it('goes on when it hangs, and uses it again when it goes on', () => disturbed(() => { server.pause(); }, () => { server.resume(); }), 30_000);

    it('goes on when the network stalls', () => disturbed(() => { proxy.stall(); }, () => { proxy.resume(); }), 30_000);

    it('goes on when the network is cut', () => disturbed(() => { proxy.cutOff(); }, () => { proxy.heal(); }), 30_000);

    it('goes on when answers take too long', () => disturbed(() => { proxy.latency({ toServerMs: 120, toClientMs: 120 }); }, () => { proxy.heal(); }), 30_000);

    it('loses no call to one reset after another, nor to a quick restart', async () => {
      for (let i = 0; i < 5; i += 1) {
        proxy.reset();
        await load.proceed(100);
      }
      await server.kill();
      await server.restart();
      expect(await load.untilHit(tier)).toBeLessThanOrEqual(LONGEST_RETURN_MS);
      expectNobodyNoticed();
    }, 30_000);

    it('takes answers in small pieces and with delay, unharmed', async () => {
      proxy.slice(97);
      proxy.latency({ toServerMs: 1, toClientMs: 1, jitterMs: 3 });
      await load.proceed(1000);
      expectNobodyNoticed();
      expect(load.figures(tier)).toMatchObject({ state: 'up', errors: 0 });
    }, 30_000);

    it('never takes a torn answer for a value', async () => {
      proxy.limitBytes(5000);
      await load.proceed(1000);
      proxy.heal();
      expect(await load.untilHit(tier)).toBeLessThanOrEqual(LONGEST_RETURN_MS);
      expectNobodyNoticed();
    }, 30_000);

    it('does not show what was cleared while it was away, though the server still has it', async () => {
      const cache = new CacheService([store], { ttlMs: HOUR_MS }, clock);
      const scope = workspaceScope({ uid: 'w1' });
      const key = { kind: 'test', version: '1', parts: ['a'] };
      await cache.set(scope, key, Buffer.from('old'));
      server.pause();
      await cache.clear(scope);
      expect(await cache.get(scope, key)).toBeUndefined();
      server.resume();
      await load.until(() => load.figures(tier)?.state === 'up');
      while ((await cache.look())[0]?.state !== 'up') await load.proceed(10);
      expect(await cache.get(scope, key)).toBeUndefined();
      await cache.set(scope, key, Buffer.from('new'));
      expect(await cache.get(scope, key)).toEqual(new Uint8Array(Buffer.from('new')));
    }, 30_000);
  });
});

describeWith(installed(tiers.redis.program), 'Redis with another password', (program) => {
  it('starts, says that the password is refused, shows none, and is used once it is the right one', async () => {
    const logs = new RecordedLogs();
    const server = await PrivateServer.start({ ...program, args: (port, folder) => [...program.args(port, folder), '--requirepass', 'another'] });
    const store = tiers.redis.store(server.port);
    await store.onModuleInit();
    expect(logs.lines.at(-1)).toMatchObject({ level: 'warn', data: { err: { message: 'Redis refuses the user or the password of REDIS_URL.', code: 'cache-unavailable' } } });
    const failure = await store.get(SYSTEM_SCOPE, 'k').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'cache-unavailable', message: 'Redis refuses the user or the password of REDIS_URL.', cause: { message: expect.stringContaining('WRONGPASS') } });
    expect(inspect([logs.lines, failure], { depth: 12 })).not.toContain(PASSWORD);
    const bare = new Redis(server.port, '127.0.0.1', { password: 'another' });
    await bare.config('SET', 'requirepass', PASSWORD);
    const load = new CacheLoad(new CacheService([store], { ttlMs: HOUR_MS }, clock));
    expect(await load.untilHit('redis')).toBeLessThanOrEqual(LONGEST_RETURN_MS);
    await load.end();
    expect(load.faults).toEqual([]);
    await bare.quit();
    await store.onApplicationShutdown();
    await server.remove();
    logs.stop();
  }, 30_000);

  it('does not lose the next connection when an answer of the last one never came', async () => {
    const server = await PrivateServer.start(program);
    const proxy = await TcpFaultProxy.start({ port: server.port });
    const store = tiers.redis.store(proxy.port);
    await store.onModuleInit();
    proxy.stall();
    const lost = store.get(SYSTEM_SCOPE, 'k').catch((error: unknown) => error);
    proxy.reset();
    proxy.resume();
    expect(await lost).toMatchObject({ code: 'cache-unavailable', message: 'Redis cannot be reached.' });
    // ioredis' limit for a silent connection is a second.
    const endMs = performance.now() + 1500;
    while (performance.now() < endMs) {
      await delay(20);
      await store.get(SYSTEM_SCOPE, 'k').catch(() => undefined);
    }
    expect(proxy.accepted).toBe(2);
    await store.onApplicationShutdown();
    await proxy.stop();
    await server.remove();
  }, 30_000);
});
