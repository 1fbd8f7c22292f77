import { Redis } from 'ioredis';
import { RedisCacheStore } from '../../src/cache/adapters/redis/redis-cache-store.ts';
import { RedisSmallTexts } from '../../src/cache/adapters/redis/redis-small-texts.ts';
import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import { SystemClock } from '../../src/common/clock/system-clock.ts';
import { scopeName, workspaceScope } from '../../src/storage/storage.types.ts';
import { describeCacheStore } from '../contract/cache-store.contract.ts';
import { describeSharedCacheStore } from '../contract/shared-cache-store.contract.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { describeWith, redisService } from '../fixtures/services.ts';

const HOUR_MS = 3_600_000;
const ids = new RandomIdSource();

describeWith(await redisService(), 'Redis', (url) => {
  describeCacheStore('redis', async () => {
    const clock = new FakeClock();
    const store = new RedisCacheStore(url, clock, ids);
    await store.onModuleInit();
    return { store, clock, close: () => store.onApplicationShutdown() };
  });

  describeSharedCacheStore('redis', () => {
    const stores: RedisCacheStore[] = [];
    return Promise.resolve({
      writer: ['redis', url],
      another: async () => {
        const store = new RedisCacheStore(url, new SystemClock(), ids);
        stores.push(store);
        await store.onModuleInit();
        return store;
      },
      close: async () => {
        for (const store of stores) await store.onApplicationShutdown();
      },
    });
  });

  describe('RedisCacheStore', () => {
    let store: RedisCacheStore;
    let bare: Redis;
    const scope = workspaceScope({ uid: ids.uuid() });
    const epochKey = `graphrag:{${scopeName(scope)}}:epoch`;

    beforeAll(async () => {
      store = new RedisCacheStore(url, new SystemClock(), ids);
      await store.onModuleInit();
      bare = new Redis(url);
    });
    afterAll(async () => {
      await store.onApplicationShutdown();
      await bare.quit();
    });
    beforeEach(() => store.clear(scope));

    const valueNames = async (): Promise<string[]> => (await bare.keys(`graphrag:{${scopeName(scope)}}:*`)).filter((name) => name !== epochKey);

    it('keeps values as raw bytes that Redis itself forgets in time', async () => {
      await store.set(scope, 'raw', Buffer.from([0, 255, 1, 254]), HOUR_MS);
      const [name = ''] = await valueNames();
      const stored = await bare.getBuffer(name);
      expect(stored?.subarray(8)).toEqual(Buffer.from([0, 255, 1, 254]));
      const leftMs = await bare.pttl(name);
      expect(leftMs).toBeGreaterThan(HOUR_MS - 60_000);
      expect(leftMs).toBeLessThanOrEqual(HOUR_MS);
    });

    it('keeps the epoch as one string that begins with a brace', async () => {
      await store.set(scope, 'k', Buffer.from('x'), HOUR_MS);
      expect(JSON.parse((await bare.get(epochKey)) ?? '')).toMatch(/^\{"v":"[0-9a-f-]{36}"\}$/);
    });

    it('does not show again what was cleared when the epoch is lost, nor when it is spoilt', async () => {
      await store.set(scope, 'old', Buffer.from('x'), HOUR_MS);
      await bare.del(epochKey);
      expect(await store.get(scope, 'old')).toBeUndefined();
      await store.set(scope, 'new', Buffer.from('y'), HOUR_MS);
      expect(await store.getMany(scope, ['old', 'new'])).toEqual([undefined, new Uint8Array(Buffer.from('y'))]);
      await bare.set(epochKey, '"{\\"v\\":17}"');
      expect(await store.get(scope, 'new')).toBeUndefined();
    });

    it('does not keep a value above a million bytes, nor the older one', async () => {
      await store.set(scope, 'k', Buffer.from('small'), HOUR_MS);
      await store.set(scope, 'k', Buffer.alloc(1_100_000), HOUR_MS);
      expect(await store.get(scope, 'k')).toBeUndefined();
    });

    it.each(['"_regexp_a|g"', '_regexp_a|g', '_function_f|() => 1', '_date_2026', '{"v":1}', '', 'null', '\\', '"'])('carries the text %j through cache-manager', async (text) => {
      const texts = new RedisSmallTexts(bare);
      const key = `graphrag:{${scopeName(scope)}}:text`;
      await texts.set(key, text);
      expect(await texts.get(key)).toBe(text);
      await texts.delete(key);
      expect(await texts.get(key)).toBeUndefined();
    });
  });
});
