import { Client } from 'memjs';
import { MemcachedCacheStore } from '../../src/cache/adapters/memcached/memcached-cache-store.ts';
import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import { SystemClock } from '../../src/common/clock/system-clock.ts';
import { scopeName, workspaceScope } from '../../src/storage/storage.types.ts';
import { describeCacheStore } from '../contract/cache-store.contract.ts';
import { describeSharedCacheStore } from '../contract/shared-cache-store.contract.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { describeWith, memcachedService } from '../fixtures/services.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ids = new RandomIdSource();

describeWith(await memcachedService(), 'memcached', (servers) => {
  describeCacheStore('memcached', async () => {
    const clock = new FakeClock();
    const store = new MemcachedCacheStore(servers, clock, ids);
    await store.onModuleInit();
    return { store, clock, close: () => store.onApplicationShutdown() };
  });

  describeSharedCacheStore('memcached', () => {
    const stores: MemcachedCacheStore[] = [];
    return Promise.resolve({
      writer: ['memcached', servers],
      another: async () => {
        const store = new MemcachedCacheStore(servers, new SystemClock(), ids);
        stores.push(store);
        await store.onModuleInit();
        return store;
      },
      close: async () => {
        for (const store of stores) await store.onApplicationShutdown();
      },
    });
  });

  describe('MemcachedCacheStore', () => {
    let store: MemcachedCacheStore;
    let bare: Client;
    const scope = workspaceScope({ uid: ids.uuid() });

    beforeAll(async () => {
      store = new MemcachedCacheStore(servers, new SystemClock(), ids);
      await store.onModuleInit();
      bare = Client.create(servers, { retries: 1 });
    });
    afterAll(async () => {
      await store.onApplicationShutdown();
      bare.close();
    });
    beforeEach(() => store.clear(scope));

    it.each([29, 30, 31, 365])('keeps a value for %d days, though memcached takes long times for dates', async (days) => {
      await store.set(scope, 'long', Buffer.from('x'), days * DAY_MS);
      expect(await store.get(scope, 'long')).toEqual(new Uint8Array(Buffer.from('x')));
    });

    it('does not keep a value above a million bytes, nor the older one', async () => {
      await store.set(scope, 'k', Buffer.from('small'), HOUR_MS);
      await store.set(scope, 'k', Buffer.alloc(1_100_000), HOUR_MS);
      expect(await store.get(scope, 'k')).toBeUndefined();
      await store.set(scope, 'k', Buffer.alloc(999_000, 7), HOUR_MS);
      expect((await store.get(scope, 'k'))?.byteLength).toBe(999_000);
    });

    it('does not show again what was cleared when the epoch is lost', async () => {
      await store.set(scope, 'old', Buffer.from('x'), HOUR_MS);
      await bare.delete(`graphrag:${scopeName(scope)}:epoch`);
      expect(await store.get(scope, 'old')).toBeUndefined();
      await store.set(scope, 'new', Buffer.from('y'), HOUR_MS);
      expect(await store.getMany(scope, ['old', 'new'])).toEqual([undefined, new Uint8Array(Buffer.from('y'))]);
    });
  });
});
