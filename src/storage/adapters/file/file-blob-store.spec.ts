import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { collect, describeBlobStore, partsOf } from '../../../../test/contract/blob-store.contract.ts';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/fakes/temporary-folder.ts';
import { FixtureProcess } from '../../../../test/fixtures/child-process.ts';
import { RandomIdSource } from '../../../common/clock/random-id-source.ts';
import { SystemClock } from '../../../common/clock/system-clock.ts';
import { SYSTEM_SCOPE } from '../../storage.types.ts';
import { blobPath, keyOfFile } from './blob-path.ts';
import { FileBlobStore } from './file-blob-store.ts';

const ids = new RandomIdSource();

describeBlobStore('file', async () => {
  const folder = await temporaryFolder();
  const clock = new FakeClock();
  const store = new FileBlobStore(join(folder.path, 'blobs'), clock, ids);
  await store.onModuleInit();
  return { store, clock, close: () => folder.remove() };
});

describe('FileBlobStore', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  const unfinished = (): Promise<string[]> => readdir(join(folder.path, '.unfinished'));
  const sharedBlob = async (store: FileBlobStore): Promise<Buffer> => Buffer.concat(await collect(store.get(SYSTEM_SCOPE, 'shared')));

  it('shows whole blobs while two processes replace one another', async () => {
    const writers = ['a', 'b'].map((letter) => new FixtureProcess('./blob-writer.ts', folder.path, letter, '15'));
    const store = new FileBlobStore(folder.path, new SystemClock(), ids);
    await store.put(SYSTEM_SCOPE, 'shared', partsOf(Buffer.alloc(3_000_000, 'x')));
    const state = { running: true };
    const ended = Promise.all(writers.map((writer) => writer.ended())).finally(() => (state.running = false));
    do {
      const blob = await sharedBlob(store);
      expect([blob.byteLength, new Set(blob).size]).toEqual([3_000_000, 1]);
    } while (state.running);
    await ended;
    expect(await unfinished()).toEqual([]);
  }, 60_000);

  it('shows nothing of a blob whose writer was killed, and sweeps it an hour later', async () => {
    const writer = new FixtureProcess('./blob-writer.ts', folder.path, 'a', '0');
    await writer.printed('writing');
    await writer.kill();
    const store = new FileBlobStore(folder.path, new SystemClock(), ids);
    await store.onModuleInit();
    expect(await store.info(SYSTEM_SCOPE, 'shared')).toBeUndefined();
    expect(await collect(store.list(SYSTEM_SCOPE))).toEqual([]);
    expect(await unfinished()).toHaveLength(1);
    await new FileBlobStore(folder.path, new FakeClock(Date.now() + 3_700_000), ids).onModuleInit();
    expect(await unfinished()).toEqual([]);
  }, 30_000);

  it('keeps files from others', async () => {
    const store = new FileBlobStore(join(folder.path, 'blobs'), new SystemClock(), ids);
    await store.put(SYSTEM_SCOPE, 'k', partsOf('x'));
    const path = join(folder.path, 'blobs', 'system', blobPath('k'));
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(path)).size).toBe(1);
  });

  it('does not list what it did not write', async () => {
    const store = new FileBlobStore(folder.path, new SystemClock(), ids);
    await store.put(SYSTEM_SCOPE, 'k', partsOf('x'));
    await mkdir(join(folder.path, 'system', 'zz'), { recursive: true });
    await writeFile(join(folder.path, 'system', 'zz', 'a file~of mine'), '');
    expect((await collect(store.list(SYSTEM_SCOPE))).map(({ key }) => key)).toEqual(['k']);
  });

  it('says what is wrong with its folder', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const store = new FileBlobStore(join(file, 'blobs'), new SystemClock(), ids);
    await expect(store.put(SYSTEM_SCOPE, 'k', partsOf('x'))).rejects.toMatchObject({ code: 'store-unavailable', retryable: true });
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? it.skip : it)(`says that its folder is read-only${asRoot ? ' (skipped: root may write everywhere)' : ''}`, async () => {
    await chmod(folder.path, 0o500);
    const store = new FileBlobStore(folder.path, new SystemClock(), ids);
    await expect(store.put(SYSTEM_SCOPE, 'k', partsOf('x'))).rejects.toMatchObject({ code: 'data-read-only' });
    await chmod(folder.path, 0o700);
  });
});

describe('blobPath', () => {
  const key = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/);

  it('can be read back, fits into a file name, and stays different when capitals do not count', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const [nameA = '', nameB = ''] = [a, b].map((each) => blobPath(each).split(/[\\/]/)[1]);
        expect(keyOfFile(nameA)).toBe(a);
        expect(nameA.length).toBeLessThanOrEqual(255);
        expect(nameA.toLowerCase() === nameB.toLowerCase()).toBe(a === b);
      }),
    );
  });
});
