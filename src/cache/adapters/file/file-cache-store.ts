import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../common/clock/clock.port.ts';
import type { IdSource } from '../../../common/clock/id-source.port.ts';
import { type Scope, scopeName } from '../../../storage/storage.types.ts';
import { CacheStore } from '../../cache-store.port.ts';
import { CacheError } from '../../cache.errors.ts';
import { encodeCacheFile, MAX_VALUE_BYTES } from './cache-file-format.ts';
import { CacheFilesThread } from './cache-files-thread.ts';
import { CacheSize } from './cache-size.ts';
import { EPOCH_FILE, UNFINISHED } from './cache-sweep.ts';

/** A larger value would push out too much else. */
const LARGEST_SHARE = 0.25;

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
  readonly #files = new CacheFilesThread();

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
    await this.#files.stop();
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
    return await reachable(async () => [...(await this.#files.call({ kind: 'read', folder: this.#folderOf(scope), keys, now: this.#parts.clock.now() }))]);
  }

  override async set(scope: Scope, key: string, value: Uint8Array, ttlMs: number): Promise<void> {
    if (value.byteLength > Math.min(MAX_VALUE_BYTES, this.#parts.maxBytes * LARGEST_SHARE)) {
      await this.delete(scope, key);
      return;
    }
    const expiresAt = this.#parts.clock.now() + ttlMs;
    const content = encodeCacheFile(key, { value, expiresAt });
    await reachable(() => this.#files.call({ kind: 'write', folder: this.#folderOf(scope), key, content, expiresAt, unfinished: this.#unfinished() }));
    this.#size.wrote(content.byteLength);
  }

  override async delete(scope: Scope, key: string): Promise<void> {
    await reachable(() => this.#files.call({ kind: 'remove', folder: this.#folderOf(scope), key }));
  }

  /** Files of earlier epochs are never found again; a sweep in the background removes them. */
  override async clear(scope: Scope): Promise<void> {
    await reachable(() => this.#replaceEpoch(this.#folderOf(scope)));
    this.#size.sweep();
  }

  #folderOf(scope: Scope): string {
    return join(this.#parts.folder, scopeName(scope));
  }

  #unfinished(): string {
    return join(this.#parts.folder, UNFINISHED, this.#parts.ids.uuid());
  }

  async #replaceEpoch(folder: string): Promise<void> {
    const unfinished = this.#unfinished();
    try {
      for (const each of [dirname(unfinished), folder]) await mkdir(each, { recursive: true, mode: 0o700 });
      await writeFile(unfinished, this.#parts.ids.uuid(), { flag: 'wx', mode: 0o600 });
      await rename(unfinished, join(folder, EPOCH_FILE));
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
