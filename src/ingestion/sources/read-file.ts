import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { IngestionError } from '../ingestion.errors.ts';
import type { Source } from '../ingestion.types.ts';

type FileSource = Extract<Source, { kind: 'file' }>;

const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);
const DENIED: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

const PART_BYTES = 262_144;

/** The name of a file in its workspace: its path below the ingested folder, with `/`. */
export function fileName(source: FileSource): string {
  const path = relative(source.root, source.path).split(sep).join('/');
  return path === '' ? basename(source.path) : path;
}

/**
 * Checks that a file may and can be read, and returns its size in bytes.
 * @throws IngestionError `source-not-found`, `source-unreadable`
 */
export async function measureFile(source: FileSource): Promise<number> {
  try {
    const [path, root] = await Promise.all([realpath(source.path), realpath(source.root)]);
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) throw leadsOut(source.path);
    const about = await stat(path);
    if (!about.isFile()) throw unreadable(source.path, 'it is no file');
    return about.size;
  } catch (error) {
    throw translated(source.path, error);
  }
}

/** The bytes of a file. Throws IngestionError `source-not-found`, `source-unreadable`. */
export async function* readFileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of createReadStream(path, { highWaterMark: PART_BYTES })) yield part as Uint8Array;
  } catch (error) {
    throw translated(path, error);
  }
}

function translated(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof IngestionError || code === undefined || code.startsWith('ABORT')) return error;
  if (MISSING.has(code)) return new IngestionError('source-not-found', `There is no file "${path}".`, { remedy: 'Check the path.', cause: error });
  return unreadable(path, DENIED.has(code) ? 'access is denied' : code, error);
}

function unreadable(path: string, reason: string, cause?: unknown): IngestionError {
  return new IngestionError('source-unreadable', `The file "${path}" cannot be read: ${reason}.`, {
    remedy: 'Check that it is a file and that you may read it.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function leadsOut(path: string): IngestionError {
  return new IngestionError('source-unreadable', `"${path}" is a link that leads out of its folder.`, {
    remedy: 'Copy the file into the folder, or name the file itself.',
  });
}
