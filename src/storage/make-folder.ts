import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../common/errors/errno-of.ts';

/**
 * Makes a folder, for its owner only, with those above it. Step by step, because Node's own recursive form tells ENOENT for a
 * read-only volume and never returns below /proc.
 * @throws what the file system said of the first folder that cannot be made; ENOENT if that one's parent is there all the same
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if (errnoOf(error) !== 'ENOENT' || (await isFolder(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
