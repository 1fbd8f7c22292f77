import fc from 'fast-check';
import type { RecordStore } from '../../src/storage/record-store.port.ts';
import { type JsonValue, type Scope, SYSTEM_SCOPE, workspaceScope } from '../../src/storage/storage.types.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';

/** A store to examine, on a clock the suite moves. */
export interface RecordStoreSubject {
  readonly store: RecordStore;
  readonly clock: FakeClock;
  close(): Promise<void>;
}

const A: Scope = workspaceScope({ uid: 'a1' });
const B: Scope = workspaceScope({ uid: 'b2' });

/** What every RecordStore must do. */
export function describeRecordStore(name: string, open: () => Promise<RecordStoreSubject>): void {
  describe(`RecordStore contract: ${name}`, () => {
    let subject: RecordStoreSubject;
    let store: RecordStore;

    beforeAll(async () => {
      subject = await open();
      store = subject.store;
    });
    afterAll(() => subject.close());
    beforeEach(async () => {
      for (const scope of [SYSTEM_SCOPE, A, B]) await store.clear(scope);
    });

    const keysOf = async (prefix: string): Promise<string[]> => (await store.list(A, prefix)).records.map(({ key }) => key);

    it('has nothing at first', async () => {
      expect(await store.get(A, 'k')).toBeUndefined();
      expect(await store.list(A, '')).toEqual({ records: [] });
      expect(await store.delete(A, 'k')).toBe(false);
      await expect(store.ping()).resolves.toBeUndefined();
    });

    it.each<[string, JsonValue]>([
      ['zero', 0],
      ['empty text', ''],
      ['false', false],
      ['null', null],
      ['empty list', []],
      ['nested', { a: [1, { b: null }], 'ü/\u{1F600}': '\u0000\n"' }],
      ['broken surrogates', '\ud800'],
      ['a name of the language', JSON.parse('{"__proto__":1,"constructor":2}') as JsonValue],
    ])('gives back %s', async (_, value) => {
      const version = await store.put(A, 'k', value);
      expect(await store.get(A, 'k')).toEqual({ key: 'k', value, version });
      expect((await store.list(A, 'k')).records).toEqual([{ key: 'k', value, version }]);
    });

    it('gives many at once, in the order of the keys, those that there are', async () => {
      for (const key of ['a', 'b', 'c']) await store.put(A, key, `value of ${key}`);
      await store.put(B, 'd', 'another scope');
      await store.put(A, 'gone', 1, { ttlMs: 1000 });
      await subject.clock.advance(1001);
      expect((await store.getMany(A, ['c', 'd', 'x', 'gone', 'a'])).map(({ key, value }) => [key, value])).toEqual([['c', 'value of c'], ['a', 'value of a']]);
      expect(await store.getMany(A, [])).toEqual([]);
      await expect(store.getMany(A, [''])).rejects.toMatchObject({ code: 'record-key-invalid' });
      await expect(store.getMany(A, Array.from({ length: 1001 }, (_, i) => String(i)))).rejects.toMatchObject({ code: 'record-too-large' });
    });

    it('gives back any JSON under any key', async () => {
      const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).filter((text) => !/\p{Cc}/u.test(text));
      await fc.assert(
        fc.asyncProperty(key, fc.jsonValue(), async (text, value) => {
          const json = JSON.parse(JSON.stringify(value)) as JsonValue;
          await store.put(A, text, json);
          expect((await store.get(A, text))?.value).toEqual(json);
        }),
        { numRuns: 40 },
      );
    });

    it('raises the version with every write, also after a delete', async () => {
      const first = await store.put(A, 'k', 1);
      const second = await store.put(A, 'k', 1);
      await store.delete(A, 'k');
      const third = await store.put(A, 'k', 1);
      expect(first).toBeGreaterThanOrEqual(1);
      expect(second).toBeGreaterThan(first);
      expect(third).toBeGreaterThan(second);
      await expect(store.put(A, 'k', 2, { ifVersion: second })).rejects.toMatchObject({ code: 'record-conflict' });
    });

    it('writes only if the version holds', async () => {
      const version = await store.put(A, 'k', 'old', { ifVersion: 0 });
      await expect(store.put(A, 'k', 'new', { ifVersion: 0 })).rejects.toMatchObject({ code: 'record-conflict' });
      await expect(store.delete(A, 'k', { ifVersion: version + 1 })).rejects.toMatchObject({ code: 'record-conflict' });
      await expect(store.delete(A, 'absent', { ifVersion: 1 })).rejects.toMatchObject({ code: 'record-conflict' });
      expect((await store.get(A, 'k'))?.value).toBe('old');
      expect(await store.put(A, 'k', 'new', { ifVersion: version })).toBeGreaterThan(version);
    });

    it('lets exactly one of many racing writers win', async () => {
      const version = await store.put(A, 'k', 0);
      const attempts = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => store.put(A, 'k', i, { ifVersion: version })));
      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('keeps scopes apart', async () => {
      await store.put(A, 'k', 'a');
      await store.put(B, 'k', 'b');
      await store.put(SYSTEM_SCOPE, 'k', 'system');
      await store.clear(A);
      expect(await store.get(A, 'k')).toBeUndefined();
      expect((await store.get(B, 'k'))?.value).toBe('b');
      expect((await store.list(SYSTEM_SCOPE, '')).records.map(({ value }) => value)).toEqual(['system']);
    });

    it('lists by prefix, literally, in the order of code units', async () => {
      const keys = ['a', 'a%', 'a_b', 'a/1', 'a/10', 'a/2', 'B', 'a/\u{1F600}', 'a/\uFFFD', 'a/\uD7FF', 'b'];
      for (const key of keys) await store.put(A, key, key);
      expect(await keysOf('')).toEqual(keys.toSorted());
      expect(await keysOf('a/')).toEqual(keys.filter((key) => key.startsWith('a/')).toSorted());
      expect(await keysOf('a%')).toEqual(['a%']);
      expect(await keysOf('a_')).toEqual(['a_b']);
      expect(await keysOf('c')).toEqual([]);
    });

    it('pages through everything once', async () => {
      const keys = Array.from({ length: 23 }, (_, i) => `p/${String(i).padStart(2, '0')}`);
      for (const key of [...keys, 'q']) await store.put(A, key, key);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list(A, 'p/', { limit: 5, ...(cursor !== undefined && { cursor }) });
        expect(page.records.length).toBeLessThanOrEqual(5);
        seen.push(...page.records.map(({ key }) => key));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(keys);
      expect((await store.list(A, 'p/', { limit: 23 })).nextCursor).toBeUndefined();
    });

    it('treats an expired record as absent everywhere', async () => {
      await store.put(A, 'k', 1, { ttlMs: 1000 });
      await store.put(A, 'kept', 1, { ttlMs: 1000 });
      await store.put(A, 'kept', 2);
      await subject.clock.advance(999);
      expect((await store.get(A, 'k'))?.value).toBe(1);
      await subject.clock.advance(1);
      expect(await store.get(A, 'k')).toBeUndefined();
      expect(await keysOf('')).toEqual(['kept']);
      expect(await store.delete(A, 'k')).toBe(false);
      await expect(store.put(A, 'k', 2, { ifVersion: 0 })).resolves.toBeGreaterThan(0);
    });

    it('writes all operations of a transaction or none', async () => {
      const version = await store.put(A, 'a', 1);
      await expect(
        store.transact(A, [
          { kind: 'put', key: 'b', value: 2 },
          { kind: 'delete', key: 'a' },
          { kind: 'put', key: 'c', value: 3, ifVersion: 7_000_000 },
        ]),
      ).rejects.toMatchObject({ code: 'record-conflict' });
      expect(await keysOf('')).toEqual(['a']);
      await store.transact(A, [
        { kind: 'put', key: 'b', value: 2, ttlMs: 10 },
        { kind: 'delete', key: 'a', ifVersion: version },
        { kind: 'put', key: 'a', value: 'again', ifVersion: 0 },
      ]);
      expect(await keysOf('')).toEqual(['a', 'b']);
      await expect(store.transact(A, [])).resolves.toBeUndefined();
    });

    it.each(['', 'x'.repeat(513), 'a\nb', 'a\u0000', '\ud800'])('refuses the key %j', async (key) => {
      const refusal = { code: 'record-key-invalid' };
      await expect(store.get(A, key)).rejects.toMatchObject(refusal);
      await expect(store.put(A, key, 1)).rejects.toMatchObject(refusal);
      await expect(store.delete(A, key)).rejects.toMatchObject(refusal);
      await expect(store.transact(A, [{ kind: 'put', key, value: 1 }])).rejects.toMatchObject(refusal);
    });

    it('takes 1 MB and 100 operations, and refuses more', async () => {
      const value = 'x'.repeat(1_000_000 - 2);
      await store.put(A, 'x'.repeat(512), value);
      expect((await store.get(A, 'x'.repeat(512)))?.value).toBe(value);
      await expect(store.put(A, 'k', `${value}x`)).rejects.toMatchObject({ code: 'record-too-large' });
      const operations = Array.from({ length: 101 }, (_, i) => ({ kind: 'put', key: `k${String(i)}`, value: i }) as const);
      await expect(store.transact(A, operations)).rejects.toMatchObject({ code: 'record-too-large' });
      await store.transact(A, operations.slice(1));
      expect((await store.list(A, 'k', { limit: 1000 })).records).toHaveLength(100);
    });
  });
}
