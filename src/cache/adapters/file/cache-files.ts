import { closeSync, futimesSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeError } from '../../../common/errors/describe-error.ts';
import { errnoOf } from '../../../common/errors/errno-of.ts';
import { contentHash } from '../../../common/hash/content-hash.ts';
import { decodeCacheFile } from './cache-file-format.ts';
import type { FilesReply, FilesRequest, ReadEntries, WriteEntry } from './cache-files.types.ts';
import { EPOCH_FILE } from './cache-sweep.ts';

const FIRST_EPOCH = '0';
/** Where a scope's entries go if its epoch cannot be made out. */
const UNKNOWN_EPOCH = 'unknown';

/** Where an entry is: `<scope>/<epoch>/<2 hex>/<hash>`. */
function pathOfEntry(epochFolder: string, key: string): string {
  const hash = contentHash(key);
  return join(epochFolder, hash.slice(0, 2), hash);
}

/**
 * Answers requests that came together, one after the other. An epoch is read once for all of them, and anew for the next, because
 * another process may have cleared the scope. Blocks its thread, so it is for one that does nothing else.
 */
export function answerRequests(requests: readonly FilesRequest[]): FilesReply[] {
  const epochs = new Map<string, string>();
  return requests.map((request) => {
    try {
      const folder = epochs.get(request.folder) ?? epochFolderOf(request.folder);
      epochs.set(request.folder, folder);
      return { values: answer(folder, request) };
    } catch (error) {
      return { fault: describeError(error) };
    }
  });
}

function answer(folder: string, request: FilesRequest): (Uint8Array | undefined)[] {
  if (request.kind === 'read') return request.keys.map((key) => readEntry(folder, key, request));
  if (request.kind === 'write') writeEntry(folder, request);
  else rmSync(pathOfEntry(folder, request.key), { force: true });
  return [];
}

/** The folder of a scope's entries as of now. */
function epochFolderOf(scopeFolder: string): string {
  const epoch = readIfThere(join(scopeFolder, EPOCH_FILE))?.toString('utf8') ?? FIRST_EPOCH;
  return join(scopeFolder, /^[0-9a-f-]{1,64}$/.test(epoch) ? epoch : UNKNOWN_EPOCH);
}

function readEntry(folder: string, key: string, { now }: ReadEntries): Uint8Array | undefined {
  const path = pathOfEntry(folder, key);
  const file = readIfThere(path);
  if (file === undefined) return undefined;
  const entry = decodeCacheFile(key, file);
  if (entry !== undefined && entry.expiresAt > now) return entry.value;
  rmSync(path, { force: true });
  return undefined;
}

/** A file's time of change is the entry's expiry, by which a sweep knows what is over. */
function writeEntry(folder: string, { key, content, expiresAt, unfinished }: WriteEntry): void {
  const path = pathOfEntry(folder, key);
  try {
    const file = orInNewFolder(unfinished, () => openSync(unfinished, 'wx', 0o600));
    try {
      writeFileSync(file, content);
      futimesSync(file, expiresAt / 1000, expiresAt / 1000);
    } finally {
      closeSync(file);
    }
    orInNewFolder(path, () => { renameSync(unfinished, path); });
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Folders are made when they turn out to be missing, which is rare. */
function orInNewFolder<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return work();
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
