import type { Stats } from 'node:fs';
import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Logger, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../common/clock/clock.port.ts';
import type { IdSource } from '../../../common/clock/id-source.port.ts';
import { untilAborted } from '../../../common/concurrency/until-aborted.ts';
import { errnoOf } from '../../../common/errors/errno-of.ts';
import { type BlobInfo, BlobStore, type ByteRange } from '../../blob-store.port.ts';
import { renameDurably, syncFolder } from '../../durable-files.ts';
import { fileFailure } from '../../file-failure.ts';
import { StorageError } from '../../storage.errors.ts';
import { type Scope, scopeName } from '../../storage.types.ts';
import { blobPath, checkedBlobKey, keyOfFile } from './blob-path.ts';

const PART_BYTES = 512 * 1024;
/** Another process may be writing; what has not grown for this long belongs to nobody. */
const STALE_MS = 3_600_000;
const UNFINISHED = '.unfinished';

/** Blobs as files: `<folder>/<scope>/<2 hex>/<key>`. Replicas may share the folder. */
export class FileBlobStore extends BlobStore implements OnModuleInit {
  readonly #logger = new Logger(FileBlobStore.name);
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #ids: IdSource;

  /** @param folder made when missing, with the first blob */
  constructor(folder: string, clock: Clock, ids: IdSource) {
    super();
    this.#folder = folder;
    this.#clock = clock;
    this.#ids = ids;
  }

  /** Sweeps what a killed process left unfinished. */
  async onModuleInit(): Promise<void> {
    try {
      await this.#sweep();
    } catch (error) {
      this.#logger.warn({ err: error }, 'unfinished blobs could not be swept; the next start tries again');
    }
  }

  override async put(scope: Scope, key: string, source: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<BlobInfo> {
    const target = this.#pathOf(scope, key);
    const unfinished = join(this.#folder, UNFINISHED, this.#ids.uuid());
    const storedAt = Math.trunc(this.#clock.now());
    try {
      const size = await this.#write(unfinished, untilAborted(source, signal), storedAt);
      signal?.throwIfAborted();
      await guarded(() => moveInto(unfinished, target));
      return { key, size, storedAt };
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  override async *get(scope: Scope, key: string, range: ByteRange = { start: 0 }): AsyncGenerator<Uint8Array> {
    const path = this.#pathOf(scope, key);
    const handle = await guarded(() => open(path, 'r')).catch((error: unknown) => {
      throw missing(error) ? new StorageError('blob-not-found', `There is no blob ${key}.`, { cause: error }) : error;
    });
    try {
      yield* partsOf(handle, range);
    } finally {
      await handle.close();
    }
  }

  override async info(scope: Scope, key: string): Promise<BlobInfo | undefined> {
    const path = this.#pathOf(scope, key);
    const stats = await this.#statsOf(path);
    return stats === undefined ? undefined : infoOf(key, stats);
  }

  override async delete(scope: Scope, key: string): Promise<boolean> {
    const path = this.#pathOf(scope, key);
    try {
      await guarded(() => rm(path));
      await guarded(() => syncFolder(dirname(path)));
      return true;
    } catch (error) {
      if (missing(error)) return false;
      throw error;
    }
  }

  override async *list(scope: Scope): AsyncGenerator<BlobInfo> {
    const root = join(this.#folder, scopeName(scope));
    for await (const shelf of namesIn(root)) {
      for await (const name of namesIn(join(root, shelf))) {
        const key = keyOfFile(name);
        const stats = key === undefined ? undefined : await this.#statsOf(join(root, shelf, name));
        if (key !== undefined && stats !== undefined) yield infoOf(key, stats);
      }
    }
  }

  override async clear(scope: Scope): Promise<void> {
    const aside = join(this.#folder, UNFINISHED, this.#ids.uuid());
    await guarded(async () => {
      await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
      // First out of sight as a whole; what a crash leaves of it is swept like an unfinished blob.
      const moved = await rename(join(this.#folder, scopeName(scope)), aside).then(
        () => true,
        (error: unknown) => {
          if (errnoOf(error) === 'ENOENT') return false;
          throw error;
        },
      );
      if (!moved) return;
      await syncFolder(this.#folder);
      await rm(aside, { recursive: true, force: true });
    });
  }

  async #write(path: string, source: AsyncIterable<Uint8Array>, storedAt: number): Promise<number> {
    const handle = await guarded(async () => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return await open(path, 'wx', 0o600);
    });
    try {
      let size = 0;
      for await (const part of source) {
        await guarded(() => writeAll(handle, part));
        size += part.byteLength;
      }
      await guarded(async () => {
        await handle.utimes(storedAt / 1000, storedAt / 1000);
        await handle.sync();
      });
      return size;
    } finally {
      await handle.close();
    }
  }

  async #statsOf(path: string): Promise<Stats | undefined> {
    try {
      return await guarded(() => stat(path));
    } catch (error) {
      if (missing(error)) return undefined;
      throw error;
    }
  }

  async #sweep(): Promise<void> {
    const folder = join(this.#folder, UNFINISHED);
    for await (const name of namesIn(folder)) {
      const stats = await this.#statsOf(join(folder, name));
      // The time of the last change, which unlike that of the content cannot be set.
      if (stats === undefined || this.#clock.now() - stats.ctimeMs < STALE_MS) continue;
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }

  #pathOf(scope: Scope, key: string): string {
    return join(this.#folder, scopeName(scope), blobPath(checkedBlobKey(key)));
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileFailure(error, 'The folder of the original files');
  }
}

function missing(error: unknown): boolean {
  return error instanceof StorageError && errnoOf(error.cause) === 'ENOENT';
}

async function writeAll(handle: FileHandle, part: Uint8Array): Promise<void> {
  let written = 0;
  while (written < part.byteLength) {
    const { bytesWritten } = await handle.write(part, written);
    written += bytesWritten;
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    try {
      await renameDurably(from, to);
    } catch (error) {
      // The scope was cleared between the two steps.
      if (errnoOf(error) !== 'ENOENT' || attempt >= 3) throw error;
      continue;
    }
    if (made !== undefined) await syncParents(dirname(to), made);
    return;
  }
}

/** New folders are names too: syncs the parent of each folder from `folder` up to the first one that was made. */
async function syncParents(folder: string, firstMade: string): Promise<void> {
  for (let each = folder; each.length >= firstMade.length; each = dirname(each)) await syncFolder(dirname(each));
}

async function* namesIn(folder: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(folder)) yield entry.name;
  } catch (error) {
    // Away or cleared meanwhile: then there is nothing in it.
    if (errnoOf(error) !== 'ENOENT') throw fileFailure(error, 'The folder of the original files');
  }
}

async function* partsOf(handle: FileHandle, range: ByteRange): AsyncGenerator<Uint8Array> {
  const { size } = await guarded(() => handle.stat());
  const end = Math.min(size, range.end ?? size);
  let position = Math.max(0, range.start);
  while (position < end) {
    const part = Buffer.allocUnsafeSlow(Math.min(PART_BYTES, end - position));
    const { bytesRead } = await guarded(() => handle.read(part, 0, part.byteLength, position));
    if (bytesRead === 0) return;
    position += bytesRead;
    yield part.subarray(0, bytesRead);
  }
}

function infoOf(key: string, stats: Stats): BlobInfo {
  return { key, size: stats.size, storedAt: Math.round(stats.mtimeMs) };
}
