import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { collect, partsOf } from '../../test/contract/blob-store.contract.ts';
import { RecordedLogs } from '../../test/fakes/recorded-logs.ts';
import { temporaryFolder, type TemporaryFolder } from '../../test/fakes/temporary-folder.ts';
import { RandomIdSource } from '../common/clock/random-id-source.ts';
import { ConfigModule } from '../config/config.module.ts';
import { loadSettings } from '../config/load-settings.ts';
import { BlobStore } from './blob-store.port.ts';
import { DataFolder } from './data-folder.service.ts';
import { DiskReserve } from './disk-reserve.service.ts';
import { fileFailure } from './file-failure.ts';
import { RecordStore } from './record-store.port.ts';
import { StorageError } from './storage.errors.ts';
import { StorageHealth } from './storage.health.ts';
import { StorageModule } from './storage.module.ts';
import { scopeName, SYSTEM_SCOPE, workspaceScope } from './storage.types.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

async function start(dataDir: string): Promise<TestingModule> {
  const settings = loadSettings({ DATA_DIR: dataDir });
  const module = await Test.createTestingModule({ imports: [ConfigModule.forRoot(settings), StorageModule] }).compile();
  return await module.init();
}

describe('StorageModule', () => {
  it('makes its folder for the owner only and keeps what was stored', async () => {
    const dataDir = join(folder.path, 'new', 'data');
    const first = await start(dataDir);
    await first.get(RecordStore).put(SYSTEM_SCOPE, 'k', { a: 1 });
    await first.get(BlobStore).put(SYSTEM_SCOPE, 'blob', partsOf('text'));
    expect(await first.get(StorageHealth).check()).toMatchObject({ store: { status: 'up' } });
    await first.close();
    if (process.platform !== 'win32') expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    const second = await start(dataDir);
    expect((await second.get(RecordStore).get(SYSTEM_SCOPE, 'k'))?.value).toEqual({ a: 1 });
    expect(Buffer.concat(await collect(second.get(BlobStore).get(SYSTEM_SCOPE, 'blob'))).toString()).toBe('text');
    await second.close();
  });

  it('does not start on a folder of a newer version, and names both', async () => {
    await writeFile(join(folder.path, 'format.json'), '{"format":3}');
    await expect(start(folder.path)).rejects.toMatchObject({ code: 'data-newer', message: expect.stringMatching(/format 3.*up to 1/) });
    expect(await readdir(folder.path)).toEqual(['format.json']);
  });

  it('does not start on a folder whose format cannot be read', async () => {
    await writeFile(join(folder.path, 'format.json'), '{"for');
    await expect(start(folder.path)).rejects.toMatchObject({ code: 'data-corrupt' });
  });

  it('does not start where no folder can be', async () => {
    await writeFile(join(folder.path, 'file'), '');
    await expect(start(join(folder.path, 'file'))).rejects.toMatchObject({ code: 'data-read-only' });
    await expect(start(join(folder.path, 'file', 'data'))).rejects.toMatchObject({ code: 'data-read-only' });
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? it.skip : it)(`does not start on a read-only folder${asRoot ? ' (skipped: root may write everywhere)' : ''}`, async () => {
    const dataDir = join(folder.path, 'data');
    await mkdir(dataDir, { mode: 0o500 });
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'data-read-only' });
    await chmod(dataDir, 0o700);
  });

  it('lets two processes make one folder', async () => {
    const folders = Array.from({ length: 5 }, () => new DataFolder({ dataDir: folder.path }, new RandomIdSource()));
    await Promise.all(folders.map((each) => each.open()));
    expect(await readdir(folder.path)).toEqual(['format.json']);
    expect(JSON.parse(await readFile(join(folder.path, 'format.json'), 'utf8'))).toEqual({ format: 1 });
  });
});

describe('DiskReserve', () => {
  const full = new StorageError('disk-full', 'The disk is full.');
  let logs: RecordedLogs;
  beforeEach(() => {
    logs = new RecordedLogs();
  });
  afterEach(() => {
    logs.stop();
  });
  const open = async (): Promise<DiskReserve> => {
    const reserve = new DiskReserve(new DataFolder({ dataDir: folder.path }, new RandomIdSource()));
    await reserve.onModuleInit();
    return reserve;
  };
  const size = async (): Promise<number> => (await stat(join(folder.path, '.reserve'))).size;

  it('is given up when the disk is full for something that makes room, and made again', async () => {
    const reserve = await open();
    expect(await size()).toBe(4_000_000);
    const sizes: (number | undefined)[] = [];
    const result = await reserve.freeing(async () => {
      sizes.push(await size().catch(() => undefined));
      if (sizes.length === 1) throw full;
      return 'done';
    });
    expect(result).toBe('done');
    expect(sizes).toEqual([4_000_000, undefined]);
    expect(logs.texts('warn')).toHaveLength(1);
    expect(await size()).toBe(4_000_000);
  });

  it('does not help with other faults, nor when it is gone', async () => {
    const reserve = await open();
    await expect(reserve.freeing(() => Promise.reject(new RangeError('other')))).rejects.toThrow(RangeError);
    expect(await size()).toBe(4_000_000);
    await rm(join(folder.path, '.reserve'));
    await expect(reserve.freeing(() => Promise.reject(full))).rejects.toBe(full);
  });
});

describe('fileFailure', () => {
  const errno = (code: string): Error => Object.assign(new Error(code), { code });

  it.each([
    ['EROFS', 'data-read-only', false],
    ['EACCES', 'data-read-only', false],
    ['EPERM', 'data-read-only', false],
    ['ENOSPC', 'disk-full', false],
    ['EDQUOT', 'disk-full', false],
    ['EIO', 'store-unavailable', true],
    ['ENOENT', 'store-unavailable', true],
  ])('turns %s into %s', (code, expected, retryable) => {
    const cause = errno(code);
    expect(fileFailure(cause, 'It')).toMatchObject({ code: expected, retryable, cause });
  });

  const onLinux = process.platform === 'linux';
  (onLinux ? it : it.skip)(`takes what a full device says${onLinux ? '' : ' (skipped: only Linux has one)'}`, async () => {
    const failure: unknown = await writeFile('/dev/full', 'x').catch((error: unknown) => fileFailure(error, 'It'));
    expect(failure).toMatchObject({ code: 'disk-full' });
  });
});

describe('scopeName', () => {
  it('is one safe word, another for each scope', () => {
    const scopes = [SYSTEM_SCOPE, ...['system', 'a', 'A', '../x', 'x'.repeat(100), ''].map((uid) => workspaceScope({ uid }))];
    const names = scopes.map(scopeName);
    expect(new Set(names).size).toBe(scopes.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]{1,66}$/);
  });
});
