import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/fakes/temporary-folder.ts';
import { encodeCacheFile } from './cache-file-format.ts';
import { CacheFilesThread } from './cache-files-thread.ts';
import type { WriteEntry } from './cache-files.types.ts';

const HOUR_MS = 3_600_000;

describe('CacheFilesThread', () => {
  let folder: TemporaryFolder;
  let thread: CacheFilesThread;
  beforeEach(async () => {
    folder = await temporaryFolder();
    thread = new CacheFilesThread();
  });
  afterEach(async () => {
    await thread.stop();
    await folder.remove();
  });

  const write = (key: string, scope = 'a'): WriteEntry => ({
    kind: 'write',
    folder: join(folder.path, scope),
    key,
    content: encodeCacheFile(key, { value: Buffer.from(key), expiresAt: HOUR_MS }),
    expiresAt: HOUR_MS,
    unfinished: join(folder.path, 'unfinished', `${scope}-${key}`),
  });
  const read = async (scope: string, ...keys: string[]): Promise<(string | undefined)[]> => {
    const values = await thread.call({ kind: 'read', folder: join(folder.path, scope), keys, now: 0 });
    return values.map((value) => (value === undefined ? undefined : Buffer.from(value).toString()));
  };

  it('answers each of what is asked at once, and a fault of one is only its own', async () => {
    const outcomes = await Promise.allSettled([thread.call(write('one')), thread.call({ ...write('two'), unfinished: '/dev/null/none' }), thread.call(write('three', 'b'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await Promise.all([read('a', 'three', 'one', 'two'), read('b', 'three')])).toEqual([[undefined, 'one', undefined], ['three']]);
  });

  it('fails what it had when it dies, and works again with the next call', async () => {
    await thread.call(write('one'));
    const underWay = thread.call(write('two'));
    const ended = thread.stop();
    await expect(underWay).rejects.toThrow('The thread of the file cache ended.');
    await ended;
    expect(await read('a', 'one')).toEqual(['one']);
  });
});
