import { open, readFile, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { IdSource } from '../common/clock/id-source.port.ts';
import { errnoOf } from '../common/errors/errno-of.ts';
import { SERVER_CONFIG, type ServerConfig } from '../config/server.config.ts';
import { renameDurably } from './durable-files.ts';
import { fileFailure } from './file-failure.ts';
import { makeFolder } from './make-folder.ts';
import { StorageError } from './storage.errors.ts';

/** The layout of the data folder that this version writes; a folder with a higher one was written by a newer version. */
const FORMAT = 1;
const MARKER = 'format.json';
/** What a file system says where no folder can be made: something is in the way, or it takes none. */
const NOT_THERE = new Set(['ENOTDIR', 'EEXIST', 'ENOENT']);

/** Where everything is kept. Made when missing, for its owner only; a folder that cannot be written to stops the start. */
@Injectable()
export class DataFolder implements OnModuleInit {
  readonly #logger = new Logger(DataFolder.name);
  /** Absolute path. */
  readonly path: string;
  #opened: Promise<void> | undefined;

  constructor(
    @Inject(SERVER_CONFIG) config: Pick<ServerConfig, 'dataDir'>,
    private readonly ids: IdSource,
  ) {
    this.path = resolve(config.dataDir);
  }

  async onModuleInit(): Promise<void> {
    await this.open();
  }

  /**
   * Resolves when the folder is there and checked; the check is made once, whoever asks.
   * @throws StorageError `data-read-only` if it cannot be made or written to, `data-newer` if a newer version wrote it
   */
  open(): Promise<void> {
    this.#opened ??= this.#check();
    return this.#opened;
  }

  /**
   * Bytes that can still be written to the folder's disk.
   * @throws StorageError `store-unavailable`
   */
  async freeBytes(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(this.path);
      return bavail * bsize;
    } catch (error) {
      throw fileFailure(error, `The data folder ${this.path}`);
    }
  }

  async #check(): Promise<void> {
    const what = `The data folder ${this.path}`;
    try {
      await makeFolder(this.path);
      const known = await this.#format();
      await this.#tryWriting(known === undefined);
    } catch (error) {
      if (NOT_THERE.has(errnoOf(error) ?? '')) throw notAFolder(this.path, error);
      const failure = fileFailure(error, what);
      // What may pass by itself (a full disk, a volume that is away) does not stop the start; readiness tells it.
      if (failure.code !== 'disk-full' && failure.code !== 'store-unavailable') throw failure;
      this.#logger.error({ err: failure }, failure.message);
    }
  }

  /** The format the folder has; nothing for a new one. */
  async #format(): Promise<number | undefined> {
    const text = await readFile(join(this.path, MARKER), 'utf8').catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const format = formatIn(text);
    if (format === undefined) {
      throw new StorageError('data-corrupt', `${join(this.path, MARKER)} does not tell the format of the data folder.`, {
        remedy: `Restore it from a backup, or write {"format":${String(FORMAT)}} into it if this version wrote the folder.`,
      });
    }
    if (format > FORMAT) {
      throw new StorageError(
        'data-newer',
        `The data folder ${this.path} has format ${String(format)}; this version knows formats up to ${String(FORMAT)}.`,
        { remedy: 'Run the newer version of graphrag-chat that wrote it, or point DATA_DIR to another folder.' },
      );
    }
    return format;
  }

  /** Writing is tried, not asked for: permissions alone do not tell of a read-only or full volume. */
  async #tryWriting(isNew: boolean): Promise<void> {
    const trial = join(this.path, `.trial-${this.ids.uuid()}`);
    try {
      const handle = await open(trial, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify({ format: FORMAT })}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (isNew) await renameDurably(trial, join(this.path, MARKER));
    } finally {
      await rm(trial, { force: true });
    }
  }
}

function formatIn(text: string): number | undefined {
  try {
    const { format } = JSON.parse(text) as { format?: unknown };
    return typeof format === 'number' && format >= 1 ? format : undefined;
  } catch {
    return undefined;
  }
}

function notAFolder(path: string, cause: unknown): StorageError {
  return new StorageError('data-read-only', `The data folder ${path} cannot be made: something on its path is not a folder, or takes none.`, {
    remedy: 'Point DATA_DIR to a folder that exists or can be made.',
    cause,
  });
}
