import { RandomIdSource } from '../../src/common/clock/random-id-source.ts';
import type { CacheStore } from '../../src/cache/cache-store.port.ts';
import { SYSTEM_SCOPE, workspaceScope } from '../../src/storage/storage.types.ts';
import { FixtureProcess } from '../fixtures/child-process.ts';

/** A tier that processes share. */
export interface SharedCacheSubject {
  /** One more store on the same folder or server, on the system's clock, open. */
  another(): Promise<CacheStore>;
  /** What test/fixtures/cache-writer.ts needs to open the same. */
  readonly writer: readonly [tier: string, place: string];
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const KEYS = Array.from({ length: 8 }, (_, i) => `k${String(i)}`);

/** What a CacheStore must do that several processes use at once. */
export function describeSharedCacheStore(name: string, open: () => Promise<SharedCacheSubject>): void {
  describe(`CacheStore contract, several processes: ${name}`, () => {
    let subject: SharedCacheSubject;
    const scope = workspaceScope({ uid: new RandomIdSource().uuid() });

    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());

    const expectWhole = (value: Uint8Array | undefined): void => {
      expect([value?.byteLength, new Set(value).size]).toEqual([100_000, 1]);
    };

    it('reads whole values while two other processes write the same keys', async () => {
      const writers = [1, 2].map(() => new FixtureProcess('./cache-writer.ts', ...subject.writer, '60'));
      await Promise.all(writers.map((writer) => writer.printed('writing')));
      const store = await subject.another();
      const state = { running: true };
      const ended = Promise.all(writers.map((writer) => writer.ended())).finally(() => (state.running = false));
      do expectWhole(await store.get(SYSTEM_SCOPE, 'k3'));
      while (state.running);
      await ended;
    }, 60_000);

    it('shows whole values only after a writer was killed in the middle, and goes on', async () => {
      const writer = new FixtureProcess('./cache-writer.ts', ...subject.writer);
      await writer.printed('writing');
      await writer.kill();
      const store = await subject.another();
      for (const value of await store.getMany(SYSTEM_SCOPE, KEYS)) expectWhole(value);
      await store.set(SYSTEM_SCOPE, 'k0', Buffer.from('next'), HOUR_MS);
      expect(await store.get(SYSTEM_SCOPE, 'k0')).toEqual(new Uint8Array(Buffer.from('next')));
    }, 60_000);

    it('sees that another process cleared a scope, and what it has set since', async () => {
      const [one, two] = [await subject.another(), await subject.another()];
      await one.set(scope, 'k', Buffer.from('x'), HOUR_MS);
      expect(await two.get(scope, 'k')).toEqual(new Uint8Array(Buffer.from('x')));
      await two.clear(scope);
      expect(await one.get(scope, 'k')).toBeUndefined();
      await two.set(scope, 'k', Buffer.from('new'), HOUR_MS);
      expect(await one.get(scope, 'k')).toEqual(new Uint8Array(Buffer.from('new')));
      await one.delete(scope, 'k');
      expect(await two.get(scope, 'k')).toBeUndefined();
    });

    it('writes for others to find, though it has not noticed that they cleared the scope', async () => {
      const [one, two] = [await subject.another(), await subject.another()];
      await one.set(scope, 'old', Buffer.from('x'), HOUR_MS);
      await two.clear(scope);
      await one.set(scope, 'k', Buffer.from('y'), HOUR_MS);
      expect(await two.getMany(scope, ['old', 'k'])).toEqual([undefined, new Uint8Array(Buffer.from('y'))]);
    });

    it('agrees on one epoch when several begin a scope at once', async () => {
      const stores = await Promise.all([1, 2, 3].map(() => subject.another()));
      const fresh = workspaceScope({ uid: new RandomIdSource().uuid() });
      for (let round = 0; round < 3; round += 1) {
        await Promise.all(stores.map((store, i) => store.set(fresh, `k${String(i)}`, Buffer.from('x'), HOUR_MS)));
      }
      for (const store of stores) expect((await store.getMany(fresh, ['k0', 'k1', 'k2'])).every((value) => value !== undefined)).toBe(true);
    });
  });
}
