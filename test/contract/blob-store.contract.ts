import fc from 'fast-check';
import type { BlobInfo, BlobStore } from '../../src/storage/blob-store.port.ts';
import { type Scope, SYSTEM_SCOPE, workspaceScope } from '../../src/storage/storage.types.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';

/** A store to examine, on a clock the suite moves. */
export interface BlobStoreSubject {
  readonly store: BlobStore;
  readonly clock: FakeClock;
  close(): Promise<void>;
}

const A: Scope = workspaceScope({ uid: 'a1' });
const B: Scope = workspaceScope({ uid: 'b2' });

/** A source that yields these parts, each as bytes. */
export async function* partsOf(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(typeof part === 'string' ? Buffer.from(part) : part);
}

/** Everything a source yields. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}

/** What every BlobStore must do. */
export function describeBlobStore(name: string, open: () => Promise<BlobStoreSubject>): void {
  describe(`BlobStore contract: ${name}`, () => {
    let subject: BlobStoreSubject;
    let store: BlobStore;

    beforeAll(async () => {
      subject = await open();
      store = subject.store;
    });
    afterAll(() => subject.close());
    beforeEach(async () => {
      for (const scope of [SYSTEM_SCOPE, A, B]) await store.clear(scope);
    });

    const read = async (scope: Scope, key: string, range?: { start: number; end?: number }): Promise<string> =>
      Buffer.concat(await collect(store.get(scope, key, range))).toString('latin1');
    const keysOf = async (scope: Scope): Promise<string[]> => (await collect<BlobInfo>(store.list(scope))).map(({ key }) => key).toSorted();

    it('has nothing at first', async () => {
      expect(await store.info(A, 'k')).toBeUndefined();
      expect(await store.delete(A, 'k')).toBe(false);
      expect(await keysOf(A)).toEqual([]);
      await expect(store.get(A, 'k')[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'blob-not-found' });
      await expect(store.clear(A)).resolves.toBeUndefined();
    });

    it('gives back what was put, with its size and time', async () => {
      const info = await store.put(A, 'k.txt', partsOf('one ', '', 'two'));
      expect(info).toEqual({ key: 'k.txt', size: 7, storedAt: subject.clock.now() });
      expect(await store.info(A, 'k.txt')).toEqual(info);
      expect(await collect(store.list(A))).toEqual([info]);
      expect(await read(A, 'k.txt')).toBe('one two');
    });

    it('keeps an empty blob', async () => {
      await store.put(A, 'empty', partsOf());
      expect(await store.info(A, 'empty')).toMatchObject({ size: 0 });
      expect(await read(A, 'empty')).toBe('');
    });

    it('gives back any bytes under any key', async () => {
      const key = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,80}$/);
      await fc.assert(
        fc.asyncProperty(key, fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), async (name, parts) => {
          await store.put(A, name, partsOf(...parts));
          expect(Buffer.concat(await collect(store.get(A, name)))).toEqual(Buffer.concat(parts));
          expect(await keysOf(A)).toContain(name);
        }),
        { numRuns: 40 },
      );
    });

    it('tells keys apart that differ in capitals only', async () => {
      for (const key of ['readme', 'README', 'ReadMe']) await store.put(A, key, partsOf(key));
      expect(await keysOf(A)).toEqual(['README', 'ReadMe', 'readme']);
      expect(await read(A, 'README')).toBe('README');
    });

    it('cuts ranges', async () => {
      await store.put(A, 'k', partsOf('0123456789'));
      expect(await read(A, 'k', { start: 0, end: 3 })).toBe('012');
      expect(await read(A, 'k', { start: 7 })).toBe('789');
      expect(await read(A, 'k', { start: 7, end: 99 })).toBe('789');
      expect(await read(A, 'k', { start: 3, end: 3 })).toBe('');
      expect(await read(A, 'k', { start: 10 })).toBe('');
    });

    it('reads large blobs in parts of at most 1 MB', async () => {
      const megabyte = Buffer.alloc(1_000_000, 7);
      await store.put(A, 'large', partsOf(megabyte, megabyte, megabyte));
      const parts = await collect(store.get(A, 'large'));
      expect(Math.max(...parts.map((part) => part.byteLength))).toBeLessThanOrEqual(1_000_000);
      expect(parts.reduce((sum, part) => sum + part.byteLength, 0)).toBe(3_000_000);
    });

    it('replaces, and shows a reader the old blob or the new one', async () => {
      await store.put(A, 'k', partsOf('old'));
      const reader = store.get(A, 'k')[Symbol.asyncIterator]();
      const first = await reader.next();
      await subject.clock.advance(5);
      await store.put(A, 'k', partsOf('newer'));
      expect(Buffer.from(first.value as Uint8Array).toString()).toBe('old');
      expect((await reader.next()).done).toBe(true);
      expect(await read(A, 'k')).toBe('newer');
      expect(await store.info(A, 'k')).toEqual({ key: 'k', size: 5, storedAt: subject.clock.now() });
    });

    it('stores nothing when the source throws', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(Buffer.from('half'));
        throw new TypeError('the source broke');
      }
      await store.put(A, 'known', partsOf('before'));
      await expect(store.put(A, 'known', broken())).rejects.toThrow(TypeError);
      await expect(store.put(A, 'k', broken())).rejects.toThrow('the source broke');
      expect(await keysOf(A)).toEqual(['known']);
      expect(await read(A, 'known')).toBe('before');
    });

    it('stores nothing when it is aborted, even if the source hangs', async () => {
      let stopped = false;
      async function* hanging(): AsyncGenerator<Uint8Array> {
        try {
          yield await Promise.resolve(Buffer.from('half'));
          controller.abort(new RangeError('enough'));
          yield Buffer.from('more');
          await new Promise(() => undefined);
        } finally {
          stopped = true;
        }
      }
      const controller = new AbortController();
      await expect(store.put(A, 'k', hanging(), controller.signal)).rejects.toThrow(RangeError);
      await expect(store.put(A, 'k', partsOf('x'), AbortSignal.abort(new RangeError('before')))).rejects.toThrow('before');
      const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
      const impatient = new AbortController();
      const waiting = store.put(A, 'k', silent, impatient.signal);
      setImmediate(() => {
        impatient.abort(new RangeError('too long'));
      });
      await expect(waiting).rejects.toThrow('too long');
      expect(await keysOf(A)).toEqual([]);
      expect(stopped).toBe(true);
    });

    it('keeps scopes apart, and clears one', async () => {
      await store.put(A, 'k', partsOf('a'));
      await store.put(B, 'k', partsOf('b'));
      await store.put(SYSTEM_SCOPE, 'k', partsOf('system'));
      await store.clear(A);
      expect(await store.info(A, 'k')).toBeUndefined();
      expect(await read(B, 'k')).toBe('b');
      expect(await read(SYSTEM_SCOPE, 'k')).toBe('system');
      await store.put(A, 'k', partsOf('again'));
      expect(await read(A, 'k')).toBe('again');
    });

    it('removes a blob once', async () => {
      await store.put(A, 'k', partsOf('x'));
      expect(await store.delete(A, 'k')).toBe(true);
      expect(await store.delete(A, 'k')).toBe(false);
      expect(await keysOf(A)).toEqual([]);
    });

    it('takes many writers of one key at once; one of them wins whole', async () => {
      const values = Array.from({ length: 12 }, (_, i) => String(i).repeat(5000));
      await Promise.all(values.map((value) => store.put(A, 'k', partsOf(value.slice(0, 2000), value.slice(2000)))));
      expect(values).toContain(await read(A, 'k'));
    });

    it.each(['', '.', '..', '.hidden', '../x', 'a/b', 'a\\b', 'a b', 'ä', 'a~1', 'x'.repeat(201)])('refuses the key %j', async (key) => {
      const refusal = { code: 'record-key-invalid' };
      await expect(store.put(A, key, partsOf('x'))).rejects.toMatchObject(refusal);
      await expect(store.info(A, key)).rejects.toMatchObject(refusal);
      await expect(store.delete(A, key)).rejects.toMatchObject(refusal);
      await expect(store.get(A, key)[Symbol.asyncIterator]().next()).rejects.toMatchObject(refusal);
    });

    it('takes keys of 200 capitals', async () => {
      const key = 'X'.repeat(200);
      await store.put(A, key, partsOf('x'));
      expect(await keysOf(A)).toEqual([key]);
    });
  });
}
