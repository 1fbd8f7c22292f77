import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeRecordStore } from '../../../../test/contract/record-store.contract.ts';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { RecordedLogs } from '../../../../test/fakes/recorded-logs.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/fakes/temporary-folder.ts';
import { FixtureProcess } from '../../../../test/fixtures/child-process.ts';
import { loadSettings } from '../../../config/load-settings.ts';
import { SqlitePool } from '../../sqlite-pool.service.ts';
import { StorageError } from '../../storage.errors.ts';
import { SYSTEM_SCOPE } from '../../storage.types.ts';
import { type RecordStoreParts, SqliteRecordStore } from './sqlite-record-store.ts';

const settings = loadSettings({}).store;

function storeOn(pool: SqlitePool, folder: TemporaryFolder, parts: Partial<RecordStoreParts> = {}): SqliteRecordStore {
  return new SqliteRecordStore({
    threads: pool,
    clock: new FakeClock(),
    file: join(folder.path, 'records.sqlite'),
    folderReady: () => Promise.resolve(),
    freeing: (work) => work(),
    ...parts,
  });
}

describeRecordStore('sqlite', async () => {
  const folder = await temporaryFolder();
  const clock = new FakeClock();
  const pool = new SqlitePool(settings);
  const store = storeOn(pool, folder, { clock });
  await store.onModuleInit();
  return {
    store,
    clock,
    close: async () => {
      await pool.onApplicationShutdown();
      await folder.remove();
    },
  };
});

describe('SqliteRecordStore', () => {
  let folder: TemporaryFolder;
  let pool: SqlitePool;

  beforeEach(async () => {
    folder = await temporaryFolder();
    pool = new SqlitePool(settings);
  });
  afterEach(async () => {
    await pool.onApplicationShutdown();
    await folder.remove();
  });

  const file = (): string => join(folder.path, 'records.sqlite');
  const open = async (parts?: Partial<RecordStoreParts>): Promise<SqliteRecordStore> => {
    const store = storeOn(pool, folder, parts);
    await store.onModuleInit();
    return store;
  };

  it('loses no update among three processes that start on a new file at once', async () => {
    const writers = Array.from({ length: 3 }, () => new FixtureProcess('./record-writer.ts', file(), 'count', '60'));
    await Promise.all(writers.map((writer) => writer.ended()));
    expect((await (await open()).get(SYSTEM_SCOPE, 'counter'))?.value).toBe(180);
  }, 60_000);

  it('has every record that was written before a kill', async () => {
    const writer = new FixtureProcess('./record-writer.ts', file(), 'log');
    await writer.printed('\n30\n');
    await writer.kill();
    const store = await open();
    const written = writer.output.trim().split('\n').map(Number);
    for (const number of written) expect((await store.get(SYSTEM_SCOPE, `log/${String(number)}`))?.value).toBe(number);
    await expect(store.put(SYSTEM_SCOPE, 'next', 1)).resolves.toBeGreaterThan(written.length);
  }, 30_000);

  it('does not open a file of a newer version, and names both', async () => {
    const db = new DatabaseSync(file());
    db.exec('pragma user_version = 9');
    db.close();
    await expect(open()).rejects.toMatchObject({ code: 'data-newer', message: expect.stringMatching(/9.*1/) });
  });

  it('does not start on a damaged file', async () => {
    await writeFile(file(), Buffer.alloc(20_000, 'not a database '));
    await expect(open()).rejects.toMatchObject({ code: 'data-corrupt' });
  });

  it('starts while the store is away, and heals', async () => {
    let away = true;
    const passing = new StorageError('store-unavailable', 'The volume is away.', { retryable: true });
    const threads = {
      write: (call: Parameters<SqlitePool['write']>[0]) => (away ? Promise.reject(passing) : pool.write(call)),
      read: (call: Parameters<SqlitePool['read']>[0]) => (away ? Promise.reject(passing) : pool.read(call)),
    };
    const logs = new RecordedLogs();
    const store = await open({ threads });
    logs.stop();
    expect(logs.texts('error')).toHaveLength(1);
    await expect(store.get(SYSTEM_SCOPE, 'k')).rejects.toBe(passing);
    away = false;
    expect(await store.get(SYSTEM_SCOPE, 'k')).toBeUndefined();
    await expect(store.put(SYSTEM_SCOPE, 'k', 1)).resolves.toBe(1);
  });

  it('removes expired records with the next writes', async () => {
    const clock = new FakeClock();
    const store = await open({ clock });
    for (let i = 0; i < 150; i += 1) await store.put(SYSTEM_SCOPE, `k${String(i)}`, 'x', { ttlMs: 10 });
    await clock.advance(10);
    await store.put(SYSTEM_SCOPE, 'a', 1);
    await store.put(SYSTEM_SCOPE, 'b', 1);
    const db = new DatabaseSync(file(), { readOnly: true });
    expect(db.prepare('select count(*) as n from record').get()).toEqual({ n: 2 });
    db.close();
  });

  it('pages earlier than asked when the values are large', async () => {
    const store = await open();
    const value = 'x'.repeat(999_000);
    for (let i = 0; i < 12; i += 1) await store.put(SYSTEM_SCOPE, `k${String(i).padStart(2, '0')}`, value);
    const page = await store.list(SYSTEM_SCOPE, '', { limit: 1000 });
    expect(page.records.length).toBeLessThan(12);
    const rest = await store.list(SYSTEM_SCOPE, '', { limit: 1000, cursor: page.nextCursor ?? '' });
    expect(page.records.length + rest.records.length).toBe(12);
    expect(rest.nextCursor).toBeUndefined();
  });

  it('makes room for deletes, not for writes', async () => {
    const full = new StorageError('disk-full', 'The disk is full.');
    const asked: string[] = [];
    const freeing = async <T>(work: () => Promise<T>): Promise<T> => {
      asked.push('freeing');
      return await work();
    };
    const logs = new RecordedLogs();
    const store = await open({ freeing, threads: { write: () => Promise.reject(full), read: (call) => pool.read(call) } });
    logs.stop();
    asked.splice(0);
    await expect(store.put(SYSTEM_SCOPE, 'k', 1)).rejects.toBe(full);
    expect(asked).toHaveLength(0);
    await expect(store.delete(SYSTEM_SCOPE, 'k')).rejects.toBe(full);
    await expect(store.clear(SYSTEM_SCOPE)).rejects.toBe(full);
    expect(asked).toHaveLength(2);
  });

  it('finds a file again that was removed while it ran', async () => {
    const store = await open();
    await store.put(SYSTEM_SCOPE, 'k', 1);
    await pool.closeFile(file());
    for (const suffix of ['', '-wal', '-shm']) await rm(`${file()}${suffix}`, { force: true });
    expect(await store.get(SYSTEM_SCOPE, 'k')).toBeUndefined();
    await store.put(SYSTEM_SCOPE, 'k', 2);
    expect((await store.get(SYSTEM_SCOPE, 'k'))?.value).toBe(2);
  });
});
