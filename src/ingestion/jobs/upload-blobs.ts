import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import { IdSource } from '../../common/clock/id-source.port.ts';
import { BlobStore } from '../../storage/blob-store.port.ts';
import { SYSTEM_SCOPE } from '../../storage/storage.types.ts';
import { JobRecords } from './job-records.ts';

const PREFIX = 'upload-';

/** An upload that no job refers to may still be under way until it is this old, in milliseconds. */
const LOOSE_MS = 3_600_000;

/** What was uploaded and waits for its job. It belongs to the service until the job has put it into its workspace. */
@Injectable()
export class UploadBlobs {
  constructor(
    private readonly blobs: BlobStore,
    private readonly jobs: JobRecords,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  async put(bytes: AsyncIterable<Uint8Array>): Promise<{ blob: string; sizeBytes: number }> {
    const blob = PREFIX + this.ids.uuid();
    const { size } = await this.blobs.put(SYSTEM_SCOPE, blob, bytes);
    return { blob, sizeBytes: size };
  }

  get(blob: string): AsyncIterable<Uint8Array> {
    return this.blobs.get(SYSTEM_SCOPE, blob);
  }

  async delete(blobs: readonly string[]): Promise<void> {
    for (const blob of blobs) await this.blobs.delete(SYSTEM_SCOPE, blob);
  }

  /** Removes uploads whose job is over and forgotten, or never came to be. */
  async sweep(): Promise<void> {
    const old: string[] = [];
    for await (const { key, storedAt } of this.blobs.list(SYSTEM_SCOPE)) {
      if (key.startsWith(PREFIX) && this.clock.now() - storedAt > LOOSE_MS) old.push(key);
    }
    if (old.length === 0) return;
    const needed = new Set<string>();
    for await (const job of this.jobs.all()) for (const input of job.inputs) needed.add(input.blob);
    await this.delete(old.filter((key) => !needed.has(key)));
  }
}
