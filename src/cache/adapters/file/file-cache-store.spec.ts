import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCacheStore } from '../../../../test/contract/cache-store.contract.ts';
import { describeSharedCacheStore } from '../../../../test/contract/shared-cache-store.contract.ts';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { RecordedLogs } from '../../../../test/fakes/recorded-logs.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/fakes/temporary-folder.ts';
import { RandomIdSource } from '../../../common/clock/random-id-source.ts';
import { SystemClock } from '../../../common/clock/system-clock.ts';
import { SYSTEM_SCOPE, workspaceScope } from '../../../storage/storage.types.ts';
import { FileCacheStore } from './file-cache-store.ts';

const HOUR_MS = 3_600_000;
const ids = new RandomIdSource();

describeCacheStore('file', async () => {
  const folder = await temporaryFolder();
  const clock = new FakeClock();
  const store = new FileCacheStore({ folder: folder.path, maxBytes: 50_000_000, clock, ids });
  await store.onModuleInit();
  return {
    store,
    clock,
    close: async () => {
      await store.onApplicationShutdown();
      await folder.remove();
    },
  };
});

describeSharedCacheStore('file', async () => {
  const folder = await temporaryFolder();
  const stores: FileCacheStore[] = [];
  return {
    writer: ['file', folder.path],
    another: async () => {
      const store = new FileCacheStore({ folder: folder.path, maxBytes: 50_000_000, clock: new SystemClock(), ids });
      stores.push(store);
      await store.onModuleInit();
      return store;
    },
    close: async () => {
      for (const store of stores) await store.onApplicationShutdown();
      await folder.remove();
    },
  };
});

describe('FileCacheStore', () => {
  let folder: TemporaryFolder;
  let clock: FakeClock;
  const opened: FileCacheStore[] = [];

  beforeEach(async () => {
    folder = await temporaryFolder();
    clock = new FakeClock();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.onApplicationShutdown();
    await folder.remove();
  });

  const open = async (maxBytes = 50_000_000): Promise<FileCacheStore> => {
    const store = new FileCacheStore({ folder: folder.path, maxBytes, clock, ids });
    opened.push(store);
    await store.onModuleInit();
    return store;
  };
  const entries = async (): Promise<string[]> => {
    const files = await readdir(folder.path, { recursive: true, withFileTypes: true });
    return files.filter((file) => file.isFile() && /^[0-9a-f]{32}$/.test(file.name)).map((file) => join(file.parentPath, file.name));
  };
  const onlyEntry = async (): Promise<string> => {
    const [path = '', ...others] = await entries();
    expect(others).toEqual([]);
    return path;
  };

  it('keeps values for the next process', async () => {
    await (await open()).set(SYSTEM_SCOPE, 'k', Buffer.from('x'), HOUR_MS);
    expect(await (await open()).get(SYSTEM_SCOPE, 'k')).toEqual(new Uint8Array(Buffer.from('x')));
  });

  it('treats a file torn at any length as a miss and removes it', async () => {
    const store = await open();
    await store.set(SYSTEM_SCOPE, 'k', Buffer.from('twenty bytes of text'), HOUR_MS);
    const { size } = await stat(await onlyEntry());
    for (let length = 0; length < size; length += 1) {
      await store.set(SYSTEM_SCOPE, 'k', Buffer.from('twenty bytes of text'), HOUR_MS);
      await truncate(await onlyEntry(), length);
      expect(await store.get(SYSTEM_SCOPE, 'k')).toBeUndefined();
      expect(await entries()).toEqual([]);
    }
  });

  it('treats a file with any changed byte, or of another key, as a miss', async () => {
    const store = await open();
    await store.set(SYSTEM_SCOPE, 'k', Buffer.from('text'), HOUR_MS);
    const path = await onlyEntry();
    const good = await readFile(path);
    for (let i = 0; i < good.byteLength; i += 1) {
      const bad = Buffer.from(good);
      bad[i] = (bad[i] ?? 0) ^ 1;
      await writeFile(path, bad);
      expect(await store.get(SYSTEM_SCOPE, 'k')).toBeUndefined();
    }
    await store.set(SYSTEM_SCOPE, 'other', Buffer.from('other'), HOUR_MS);
    await writeFile(path, await readFile(await onlyEntry()));
    expect(await store.get(SYSTEM_SCOPE, 'k')).toBeUndefined();
    expect(await store.get(SYSTEM_SCOPE, 'other')).toBeDefined();
  });

  it('removes what another process cleared', async () => {
    const [one, two] = [await open(), await open()];
    const scope = workspaceScope({ uid: 'w1' });
    await one.set(scope, 'k', Buffer.from('x'), HOUR_MS);
    await two.clear(scope);
    await two.settled();
    expect(await entries()).toEqual([]);
  });

  it('stays about as small as it should be and drops what expires first', async () => {
    const maxBytes = 400_000;
    const store = await open(maxBytes);
    for (let i = 0; i < 300; i += 1) {
      await store.set(SYSTEM_SCOPE, `k${String(i)}`, Buffer.alloc(3000), HOUR_MS + i * 1000);
      await store.settled();
    }
    expect((await entries()).length * 4096).toBeLessThanOrEqual(maxBytes * 1.1);
    expect(store.bytesHeld()).toBe((await entries()).length * 4096);
    expect(await store.get(SYSTEM_SCOPE, 'k0')).toBeUndefined();
    expect(await store.get(SYSTEM_SCOPE, 'k299')).toBeDefined();
  });

  it('removes expired values when it counts', async () => {
    const store = await open();
    await store.set(SYSTEM_SCOPE, 'short', Buffer.alloc(10), 1000);
    await store.set(SYSTEM_SCOPE, 'long', Buffer.alloc(10), HOUR_MS);
    await clock.advance(2000);
    const next = await open();
    await next.settled();
    expect(await entries()).toHaveLength(1);
    expect(await next.get(SYSTEM_SCOPE, 'long')).toBeDefined();
  });

  it('knows its size again after a proper end, without counting', async () => {
    const store = await open();
    await store.settled();
    await store.set(SYSTEM_SCOPE, 'k', Buffer.alloc(10_000), HOUR_MS);
    const held = store.bytesHeld();
    await store.onApplicationShutdown();
    expect((await open()).bytesHeld()).toBe(held);
    expect(held).toBe(12_288);
  });

  it('does not keep a value that is too large', async () => {
    const store = await open(100_000);
    await store.set(SYSTEM_SCOPE, 'k', Buffer.alloc(90_000), HOUR_MS);
    expect(await store.get(SYSTEM_SCOPE, 'k')).toBeUndefined();
  });

  it('is unreachable when its folder cannot be one, and does not stop the start', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const logs = new RecordedLogs();
    const store = new FileCacheStore({ folder: join(file, 'cache'), maxBytes: 1000, clock, ids });
    await store.onModuleInit();
    logs.stop();
    expect(logs.texts('warn')).toHaveLength(1);
    await expect(store.set(SYSTEM_SCOPE, 'k', Buffer.from('x'), HOUR_MS)).rejects.toMatchObject({ code: 'cache-unavailable' });
    await expect(store.clear(SYSTEM_SCOPE)).rejects.toMatchObject({ code: 'cache-unavailable' });
  });
});
