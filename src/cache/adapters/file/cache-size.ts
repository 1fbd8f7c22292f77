import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { Clock } from '../../../common/clock/clock.port.ts';
import { diskBytes, sweepCache } from './cache-sweep.ts';

const NOTE = 'size';
/** So much may be written, as a share of the bound, before the folder is counted again: other processes write to it too. */
const SLACK = 0.1;

/**
 * Keeps the folder of the file cache about as small as it should be. The size is noted in a file when a process ends; a process that
 * finds no note (it is the first, the last one was killed, or another is running) counts.
 */
export class CacheSize {
  readonly #logger = new Logger('FileCacheStore');
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #bytes = 0;
  #written = 0;
  #sweep: Promise<void> | undefined;
  #again = false;

  constructor(folder: string, maxBytes: number, clock: Clock) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  /** Bytes on the disk, as far as this process knows. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Resolves when no sweep is under way. */
  async settled(): Promise<void> {
    await this.#sweep;
  }

  /** Takes the note; without one counting starts in the background. */
  async open(): Promise<void> {
    const path = join(this.#folder, NOTE);
    const noted = Number(await readFile(path, 'utf8').catch(() => Number.NaN));
    await rm(path, { force: true }).catch(() => undefined);
    this.#bytes = Number.isFinite(noted) ? noted : 0;
    if (!Number.isFinite(noted) || noted > this.#maxBytes) this.#start();
  }

  /** Ends a sweep that is under way, and leaves a note if the size is known. */
  async close(): Promise<void> {
    const interrupted = this.#sweep !== undefined;
    this.#stop.abort();
    await this.settled();
    if (!interrupted) await writeFile(join(this.#folder, NOTE), String(this.#bytes)).catch(() => undefined);
  }

  /** Tells that a file of so many bytes was written. */
  wrote(size: number): void {
    this.#bytes += diskBytes(size);
    this.#written += diskBytes(size);
    if (this.#bytes > this.#maxBytes || this.#written > this.#maxBytes * SLACK) this.#start();
  }

  /** Has a sweep begin in the background, after the one that is under way. */
  sweep(): void {
    this.#again = this.#sweep !== undefined;
    this.#start();
  }

  #start(): void {
    this.#sweep ??= this.#run().finally(() => {
      this.#sweep = undefined;
    });
  }

  async #run(): Promise<void> {
    try {
      await this.#sweepOnce();
      while (this.#takeAgain()) await this.#sweepOnce();
    } catch (error) {
      this.#logger.warn({ err: error }, 'the file cache could not be swept; it is tried again later');
    }
  }

  #takeAgain(): boolean {
    const again = this.#again;
    this.#again = false;
    return again;
  }

  async #sweepOnce(): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    this.#written = 0;
    const left = await sweepCache({ folder: this.#folder, maxBytes: this.#maxBytes, now: this.#clock.now(), signal });
    // What was written meanwhile may or may not have been counted; rather too much than too little.
    this.#bytes = left + this.#written;
  }
}
