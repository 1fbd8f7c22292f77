import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../test/fakes/temporary-folder.ts';
import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    await folder.remove();
  });

  it('makes a folder with those above it, for its owner only, and takes one that is there', async () => {
    const path = join(folder.path, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path)]);
    await makeFolder(path);
    const entry = await stat(path);
    expect(entry.isDirectory()).toBe(true);
    if (process.platform !== 'win32') expect(entry.mode & 0o777).toBe(0o700);
  });

  it('says what is in the way', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    await expect(makeFolder(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  const onLinux = process.platform === 'linux';
  (onLinux ? it : it.skip)(`gives up where no folder can be made${onLinux ? '' : ' (skipped: only Linux has /proc)'}`, async () => {
    await expect(makeFolder('/proc/graphrag-chat/data')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
