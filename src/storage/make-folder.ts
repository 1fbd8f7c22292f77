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
    await makeOne(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    const parent = dirname(path);
    if (!(await isFolder(parent))) await makeFolder(parent);
    // Somebody else may have made the parent between the two looks: then this one is worth a second try too.
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
