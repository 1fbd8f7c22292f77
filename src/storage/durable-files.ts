import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../common/errors/errno-of.ts';

/** Makes the names in a folder survive a power cut, not only the content of its files. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Windows knows no such thing for folders; it keeps its own order of metadata writes.
    if (process.platform !== 'win32' || errnoOf(error) === 'ENOENT') throw error;
  }
}

/** Gives a finished, synced file its name, replacing what had it: readers see the old content or the new one, never a part. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}
