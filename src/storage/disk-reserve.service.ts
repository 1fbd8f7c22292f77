import { randomFillSync } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataFolder } from './data-folder.service.ts';
import { StorageError } from './storage.errors.ts';

const RESERVE_BYTES = 4_000_000;
const FULL_BELOW_BYTES = 100_000;

/**
 * A file that takes space for nothing, so that there is some to give back: on a full disk SQLite cannot even delete, because
 * deleting is written to a log first.
 */
@Injectable()
export class DiskReserve implements OnModuleInit {
  readonly #logger = new Logger(DiskReserve.name);
  readonly #file: string;
  #held = false;

  constructor(private readonly folder: DataFolder) {
    this.#file = join(folder.path, '.reserve');
  }

  async onModuleInit(): Promise<void> {
    await this.folder.open();
    await this.renew();
  }

  /**
   * Runs work that makes room, or that must go on all the same. When the disk is full for it, the reserve is given up and the work is
   * tried once more.
   * @throws what the work throws
   */
  async freeing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(await this.#isDiskFull(error))) throw error;
      // Without a reserve the second try is for those who came just after it was given up.
      if (await this.#giveUp()) this.#logger.warn({ err: error }, 'the disk is full: the reserve was given up so that something can be deleted');
    }
    const result = await work();
    await this.renew();
    return result;
  }

  /** Makes the reserve when it is missing and there is room for it twice. Without one everything else works. */
  async renew(): Promise<void> {
    if (this.#held) return;
    try {
      const held = await stat(this.#file).then(
        (info) => info.size,
        () => 0,
      );
      this.#held = held >= RESERVE_BYTES;
      if (this.#held || (await this.folder.freeBytes()) < 2 * RESERVE_BYTES) return;
      // Random, so that no file system stores it as a hole or compresses it away.
      await writeFile(this.#file, randomFillSync(Buffer.alloc(RESERVE_BYTES)), { mode: 0o600, flush: true });
      this.#held = true;
    } catch (error) {
      this.#logger.warn({ err: error }, 'no reserve could be made for the day the disk is full');
    }
  }

  /** SQLite calls it a failure of the device when a full disk keeps it from making the files it needs beside a database. */
  async #isDiskFull(error: unknown): Promise<boolean> {
    if (!(error instanceof StorageError)) return false;
    if (error.code !== 'store-unavailable') return error.code === 'disk-full';
    return await this.folder.freeBytes().then(
      (bytes) => bytes < FULL_BELOW_BYTES,
      () => false,
    );
  }

  async #giveUp(): Promise<boolean> {
    this.#held = false;
    try {
      await rm(this.#file);
      return true;
    } catch {
      return false;
    }
  }
}
