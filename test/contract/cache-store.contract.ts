import fc from 'fast-check';
import type { CacheStore } from '../../src/cache/cache-store.port.ts';
import { type Scope, SYSTEM_SCOPE, workspaceScope } from '../../src/storage/storage.types.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';

/** A tier to examine, on a clock the suite moves. */
export interface CacheStoreSubject {
  readonly store: CacheStore;
  readonly clock: FakeClock;
  close(): Promise<void>;
}

const A: Scope = workspaceScope({ uid: 'a1' });
const B: Scope = workspaceScope({ uid: 'b2' });
const HOUR_MS = 3_600_000;

/** Strings that serialisers of caches have been known to revive, to refuse or to spoil. */
const HOSTILE = [
  '"_regexp_a|g"',
  '_regexp_a|g',
  '_function_name|() => process.exit()',
  '_date_2026-01-01T00:00:00.000Z',
  '_symbol_x',
  '_undefined_',
  '_NaN_',
  '_Infinity_',
  '_bigint_1',
  '_duplicate_["a"]',
  '{"v":"_regexp_a|g"}',
  '{"value":1,"expires":0}',
  '{"__proto__":{"x":1}}',
  'null',
  'undefined',
  '',
  ':base64:AAAA',
  '\r\nget x\r\n',
  '$-1\r\n',
  '\u0000\u0001',
  '\ud800',
  'é ß 東京 🦊',
];

/** What every CacheStore must do. The tier is large enough for all the suite keeps at a time. */
export function describeCacheStore(name: string, open: () => Promise<CacheStoreSubject>): void {
  describe(`CacheStore contract: ${name}`, () => {
    let subject: CacheStoreSubject;
    let store: CacheStore;

    beforeAll(async () => {
      subject = await open();
      store = subject.store;
    });
    afterAll(() => subject.close());
    beforeEach(async () => {
      for (const scope of [SYSTEM_SCOPE, A, B]) await store.clear(scope);
    });

    const read = async (scope: Scope, key: string): Promise<string | undefined> => {
      const value = await store.get(scope, key);
      return value === undefined ? undefined : Buffer.from(value).toString('latin1');
    };

    it('has a name, and nothing at first', async () => {
      expect(store.tier).toMatch(/^[a-z]+$/);
      expect(await store.get(A, 'k')).toBeUndefined();
      expect(await store.getMany(A, [])).toEqual([]);
      await expect(store.delete(A, 'k')).resolves.toBeUndefined();
    });

    it('gives back any bytes under any key', async () => {
      const key = fc.stringMatching(/^[A-Za-z0-9:._-]{1,250}$/);
      await fc.assert(
        fc.asyncProperty(key, fc.uint8Array({ maxLength: 5000 }), async (text, bytes) => {
          await store.set(A, text, bytes, HOUR_MS);
          expect(await store.get(A, text)).toEqual(new Uint8Array(bytes));
        }),
        { numRuns: 60 },
      );
    });

    it.each(HOSTILE)('gives back %j as it was', async (text) => {
      const bytes = new Uint8Array(Buffer.from(text));
      await store.set(A, 'hostile', bytes, HOUR_MS);
      expect(await store.get(A, 'hostile')).toEqual(bytes);
      expect(await store.getMany(A, ['hostile', 'absent'])).toEqual([bytes, undefined]);
    });

    it('tells an empty value from none', async () => {
      await store.set(A, 'k', new Uint8Array(), HOUR_MS);
      expect(await store.get(A, 'k')).toEqual(new Uint8Array());
    });

    it.each(['..', '.', '../../x', 'CON', 'a:b', 'A', 'x'.repeat(250)])('keeps apart what is under %j', async (key) => {
      await store.set(A, key, Buffer.from('this'), HOUR_MS);
      await store.set(A, `${key.slice(0, -1)}-`, Buffer.from('other'), HOUR_MS);
      expect(await read(A, key)).toBe('this');
      expect(await read(A, key === 'A' ? 'a' : 'absent')).toBeUndefined();
    });

    it('answers many keys in their order, twice the same one too', async () => {
      await store.set(A, 'a', Buffer.from('1'), HOUR_MS);
      await store.set(A, 'c', Buffer.from('3'), HOUR_MS);
      const values = await store.getMany(A, ['c', 'b', 'a', 'c']);
      expect(values.map((value) => value && Buffer.from(value).toString())).toEqual(['3', undefined, '1', '3']);
    });

    it('replaces and deletes', async () => {
      await store.set(A, 'k', Buffer.from('long value'), HOUR_MS);
      await store.set(A, 'k', Buffer.from('new'), HOUR_MS);
      expect(await read(A, 'k')).toBe('new');
      await store.delete(A, 'k');
      expect(await read(A, 'k')).toBeUndefined();
    });

    it('forgets a value when its time is over', async () => {
      await store.set(A, 'k', Buffer.from('x'), 1000);
      await subject.clock.advance(999);
      expect(await read(A, 'k')).toBe('x');
      await subject.clock.advance(1);
      expect(await read(A, 'k')).toBeUndefined();
      expect(await store.getMany(A, ['k'])).toEqual([undefined]);
    });

    it('keeps scopes apart and clears one', async () => {
      for (const scope of [A, B, SYSTEM_SCOPE]) await store.set(scope, 'k', Buffer.from(scope.kind), HOUR_MS);
      await store.clear(A);
      expect(await read(A, 'k')).toBeUndefined();
      expect(await read(B, 'k')).toBe('workspace');
      expect(await read(SYSTEM_SCOPE, 'k')).toBe('system');
      await store.set(A, 'k', Buffer.from('again'), HOUR_MS);
      expect(await read(A, 'k')).toBe('again');
    });

    it('forgets what was there before a scope was cleared, however often', async () => {
      for (let round = 0; round < 5; round += 1) {
        await store.set(A, `k${String(round)}`, Buffer.from('x'), HOUR_MS);
        await store.clear(A);
        await store.clear(A);
        expect(await store.getMany(A, ['k0', 'k1', 'k2', 'k3', 'k4'])).toEqual(Array.from({ length: 5 }));
      }
    });

    it('answers several hundred keys, set at the same time', async () => {
      const keys = Array.from({ length: 300 }, (_, i) => `many-${String(i)}`);
      await Promise.all(keys.map((key) => store.set(A, key, Buffer.from(key), HOUR_MS)));
      const values = await store.getMany(A, keys);
      expect(values.map((value) => value && Buffer.from(value).toString())).toEqual(keys);
    });

    it('is not changed through bytes it was given or gave', async () => {
      const given = Buffer.from('value');
      await store.set(A, 'k', given, HOUR_MS);
      given.fill(0);
      const got = await store.get(A, 'k');
      got?.fill(0);
      expect(await read(A, 'k')).toBe('value');
    });

    it('never shows a part of a value while it is replaced', async () => {
      const values = Array.from({ length: 8 }, (_, i) => Buffer.alloc(20_000, String(i)));
      await store.set(A, 'k', Buffer.alloc(20_000, 'x'), HOUR_MS);
      const reads = values.map(async (value) => {
        await store.set(A, 'k', value, HOUR_MS);
        return await store.get(A, 'k');
      });
      for (const value of await Promise.all(reads)) expect(new Set(value).size).toBe(1);
    });

    it('tells how much it holds, if it can', async () => {
      await store.set(A, 'k', Buffer.alloc(10_000), HOUR_MS);
      expect(store.bytesHeld() ?? 10_000).toBeGreaterThanOrEqual(10_000);
    });
  });
}
