import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../common/clock/clock.port.ts';
import type { IdSource } from '../../common/clock/id-source.port.ts';
import { Gate } from '../../common/concurrency/gate.ts';
import { errnoOf } from '../../common/errors/errno-of.ts';
import { contentHash } from '../../common/hash/content-hash.ts';
import { type Scope, scopeName } from '../../storage/storage.types.ts';
import { CacheStore } from '../cache-store.port.ts';
import { CacheError } from '../cache.errors.ts';
import { decodeCacheFile, encodeCacheFile, MAX_VALUE_BYTES } from './cache-file-format.ts';
import { CacheSize } from './cache-size.ts';
import { EPOCH_FILE, UNFINISHED } from './cache-sweep.ts';

/** Files open at once. */
const MAX_OPEN = 16;
/** A larger value would push out too much else. */
const LARGEST_SHARE = 0.25;
const FIRST_EPOCH = '0';
/** Where a scope's entries go if its epoch cannot be made out. */
const UNKNOWN_EPOCH = 'unknown';

/** What the file cache works with. */
export interface FileCacheParts {
  readonly folder: string;
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * A file an entry: `<folder>/<scope>/<epoch>/<2 hex>/<hash>`. Files appear whole; one that was damaged on the disk is a miss and is
 * removed. Processes may share the folder. Nothing is forced to the disk: what a power cut takes away is a miss.
 */
export class FileCacheStore extends CacheStore implements OnModuleInit, OnApplicationShutdown {
  override readonly tier = 'file';
  readonly #logger = new Logger(FileCacheStore.name);
  readonly #parts: FileCacheParts;
  readonly #size: CacheSize;
  readonly #gate = new Gate(MAX_OPEN);

  constructor(parts: FileCacheParts) {
    super();
    this.#parts = parts;
    this.#size = new CacheSize(parts.folder, parts.maxBytes, parts.clock);
  }

  async onModuleInit(): Promise<void> {
    try {
      await mkdir(join(this.#parts.folder, UNFINISHED), { recursive: true, mode: 0o700 });
      await this.#size.open();
    } catch (error) {
      this.#logger.warn({ err: error }, 'the folder of the file cache could not be opened; it is tried again with every call');
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#size.close();
  }

  override bytesHeld(): number {
    return this.#size.bytes;
  }

  /** Resolves when the folder is as small as it should be. */
  async settled(): Promise<void> {
    await this.#size.settled();
  }

  override async get(scope: Scope, key: string): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany(scope, [key]);
    return value;
  }

  override async getMany(scope: Scope, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return await reachable(async () => {
      const folder = await this.#folderOf(scope);
      return await Promise.all(keys.map((key) => this.#gate.run(() => this.#read(pathIn(folder, key), key))));
    });
  }

  override async set(scope: Scope, key: string, value: Uint8Array, ttlMs: number): Promise<void> {
    await reachable(async () => {
      const path = pathIn(await this.#folderOf(scope), key);
      const tooLarge = value.byteLength > Math.min(MAX_VALUE_BYTES, this.#parts.maxBytes * LARGEST_SHARE);
      if (tooLarge) await rm(path, { force: true });
      else await this.#gate.run(() => this.#write(path, key, value, this.#parts.clock.now() + ttlMs));
    });
  }

  override async delete(scope: Scope, key: string): Promise<void> {
    await reachable(async () => {
      await rm(pathIn(await this.#folderOf(scope), key), { force: true });
    });
  }

  /** Files of earlier epochs are never found again; a sweep in the background removes them. */
  override async clear(scope: Scope): Promise<void> {
    const path = join(this.#parts.folder, scopeName(scope), EPOCH_FILE);
    await reachable(() => this.#replace(path, Buffer.from(this.#parts.ids.uuid())));
    this.#size.sweep();
  }

  /** Read every time, because another process may have cleared the scope. */
  async #folderOf(scope: Scope): Promise<string> {
    const folder = join(this.#parts.folder, scopeName(scope));
    const epoch = await this.#gate.run(() => readIfThere(join(folder, EPOCH_FILE)));
    return join(folder, epoch === undefined ? FIRST_EPOCH : epochIn(epoch));
  }

  async #read(path: string, key: string): Promise<Uint8Array | undefined> {
    const file = await readIfThere(path);
    if (file === undefined) return undefined;
    const entry = decodeCacheFile(key, file);
    if (entry !== undefined && entry.expiresAt > this.#parts.clock.now()) return entry.value;
    await rm(path, { force: true });
    return undefined;
  }

  async #write(path: string, key: string, value: Uint8Array, expiresAt: number): Promise<void> {
    const file = encodeCacheFile(key, { value, expiresAt });
    await this.#replace(path, file, expiresAt);
    this.#size.wrote(file.byteLength);
  }

  /** @param expiresAt becomes the file's time of change, by which the sweep knows what is over */
  async #replace(path: string, content: Buffer, expiresAt?: number): Promise<void> {
    const unfinished = join(this.#parts.folder, UNFINISHED, this.#parts.ids.uuid());
    try {
      await writeNew(unfinished, content, expiresAt);
      await renameInto(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw error;
    }
  }
}

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new CacheError('The folder of the file cache cannot be used.', { cause: error });
  }
}

function epochIn(file: Buffer): string {
  const epoch = file.toString('utf8');
  return /^[0-9a-f-]{1,64}$/.test(epoch) ? epoch : UNKNOWN_EPOCH;
}

function pathIn(folder: string, key: string): string {
  const hash = contentHash(key);
  return join(folder, hash.slice(0, 2), hash);
}

async function writeNew(path: string, content: Buffer, modifiedAt?: number): Promise<void> {
  const handle = await orInNewFolder(path, () => open(path, 'wx', 0o600));
  try {
    await handle.writeFile(content);
    if (modifiedAt !== undefined) await handle.utimes(modifiedAt / 1000, modifiedAt / 1000);
  } finally {
    await handle.close();
  }
}

async function renameInto(from: string, to: string): Promise<void> {
  await orInNewFolder(to, () => rename(from, to));
}

/** Folders are made when they turn out to be missing, which is rare. */
async function orInNewFolder<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return await work();
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
