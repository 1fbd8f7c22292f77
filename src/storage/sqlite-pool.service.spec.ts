import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../test/fakes/temporary-folder.ts';
import { loadSettings } from '../config/load-settings.ts';
import { SqlitePool } from './sqlite-pool.service.ts';

const MODULE = new URL('../../test/fixtures/pool.ops.ts', import.meta.url);

describe('SqlitePool', () => {
  let folder: TemporaryFolder;
  let pool: SqlitePool;
  let file: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    file = join(folder.path, 'deep', 'down', 'pool.sqlite');
    pool = new SqlitePool(loadSettings({}).store);
  });
  afterEach(async () => {
    await pool.onApplicationShutdown();
    await folder.remove();
  });

  const write = async (operation: string, input?: unknown): Promise<unknown> => await pool.write({ file, module: MODULE, operation, input, create: true });
  const read = async (operation: string): Promise<unknown> => await pool.read({ file, module: MODULE, operation, input: undefined });

  it('makes the file and its layout, and readers see what was written', async () => {
    expect(await write('add', { name: 'a' })).toBe(1);
    expect(await Promise.all([read('count'), read('count'), read('count')])).toEqual([1, 1, 1]);
    expect(pool.load).toEqual({ writer: 0, readers: 0 });
  });

  it('makes no file for those who only look', async () => {
    await expect(read('count')).rejects.toMatchObject({ faultCode: 'file-missing' });
    await expect(pool.write({ file, module: MODULE, operation: 'count', input: undefined })).rejects.toMatchObject({ faultCode: 'file-missing' });
    expect(existsSync(file)).toBe(false);
  });

  it('takes back what an operation left half done, and goes on', async () => {
    await write('add', { name: 'a' });
    await expect(write('fail')).rejects.toMatchObject({ faultCode: 'planned', message: 'as planned' });
    expect(await write('add', { name: 'b' })).toBe(2);
    await expect(write('breakSql')).rejects.toThrow('no such table');
    await expect(write('nothing-of-that-name')).rejects.toMatchObject({ faultCode: 'operation-unknown' });
  });

  it('fails what a dying thread was doing, and replaces the thread', async () => {
    await write('add', { name: 'a' });
    const [dying, waiting] = await Promise.allSettled([write('die'), write('add', { name: 'lost' })]);
    for (const result of [dying, waiting]) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'store-unavailable', retryable: true } });
    }
    expect(await write('add', { name: 'b' })).toBe(2);
  });

  it('stops waiting for a call that is aborted', async () => {
    await write('add', { name: 'a' });
    const controller = new AbortController();
    const call = pool.read({ file, module: MODULE, operation: 'count', input: undefined, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(await read('count')).toBe(1);
  });

  it('says that a file is damaged', async () => {
    file = join(folder.path, 'noise.sqlite');
    await writeFile(file, 'This is no database, however long one looks at it. '.repeat(100));
    await expect(write('add', { name: 'a' })).rejects.toMatchObject({ code: 'data-corrupt' });
  });

  it('says that a file is missing that another process removes meanwhile, whatever fault that causes', async () => {
    await write('add', { name: 'a' });
    await expect(read('failRemoved')).rejects.toMatchObject({ faultCode: 'file-missing' });
    await expect(read('count')).rejects.toMatchObject({ faultCode: 'file-missing' });
  });

  it('closes a file in every thread, so that it can be made anew', async () => {
    await write('add', { name: 'a' });
    await read('count');
    await pool.closeFile(file);
    await folder.remove();
    expect(await write('add', { name: 'b' })).toBe(1);
  });
});
