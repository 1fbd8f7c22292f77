import { describeCacheStore } from '../../../test/contract/cache-store.contract.ts';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { SYSTEM_SCOPE } from '../../storage/storage.types.ts';
import { MemoryCacheStore } from './memory-cache-store.ts';

describeCacheStore('memory', () => {
  const clock = new FakeClock();
  return Promise.resolve({ store: new MemoryCacheStore(10_000_000, clock), clock, close: () => Promise.resolve() });
});

describe('MemoryCacheStore', () => {
  const MAX_BYTES = 10_000;
  const value = new Uint8Array(1000);

  it('stays within its bytes and drops what was not used for the longest time', async () => {
    const store = new MemoryCacheStore(MAX_BYTES, new FakeClock());
    await store.set(SYSTEM_SCOPE, 'first', value, 1000);
    for (let i = 0; i < 50; i += 1) {
      await store.get(SYSTEM_SCOPE, 'first');
      await store.set(SYSTEM_SCOPE, `k${String(i)}`, value, 1000);
      expect(store.bytesHeld()).toBeLessThanOrEqual(MAX_BYTES);
    }
    expect(await store.get(SYSTEM_SCOPE, 'first')).toBeDefined();
    expect(await store.get(SYSTEM_SCOPE, 'k0')).toBeUndefined();
    expect(await store.get(SYSTEM_SCOPE, 'k49')).toBeDefined();
  });

  it('counts keys and overhead, so that many empty values are bounded too', async () => {
    const store = new MemoryCacheStore(MAX_BYTES, new FakeClock());
    for (let i = 0; i < 1000; i += 1) await store.set(SYSTEM_SCOPE, `k${String(i)}`, new Uint8Array(), 1000);
    const found = await store.getMany(SYSTEM_SCOPE, Array.from({ length: 1000 }, (_, i) => `k${String(i)}`));
    expect(found.filter((each) => each !== undefined).length).toBeLessThan(50);
  });

  it('does not keep a value that is too large, and no older one under its key either', async () => {
    const store = new MemoryCacheStore(MAX_BYTES, new FakeClock());
    await store.set(SYSTEM_SCOPE, 'k', value, 1000);
    await store.set(SYSTEM_SCOPE, 'k', new Uint8Array(MAX_BYTES), 1000);
    expect(await store.get(SYSTEM_SCOPE, 'k')).toBeUndefined();
    expect(store.bytesHeld()).toBe(0);
  });
});
