import { Injectable } from '@nestjs/common';
import { RecordStore } from '../../storage/record-store.port.ts';
import { StorageError } from '../../storage/storage.errors.ts';
import { type JsonValue, SYSTEM_SCOPE } from '../../storage/storage.types.ts';
import { IngestionError } from '../ingestion.errors.ts';
import { isEnded, type Job } from './job.types.ts';

const PREFIX = 'jobs/';

/** An ended job can be asked for this long, in milliseconds. */
const KEPT_MS = 7 * 86_400_000;

/** Writers of one job are few: who loses a race tries again. */
const ATTEMPTS = 10;

/** The records of jobs. */
@Injectable()
export class JobRecords {
  constructor(private readonly records: RecordStore) {}

  async create(job: Job): Promise<void> {
    await this.records.put(SYSTEM_SCOPE, PREFIX + job.id, job as unknown as JsonValue, { ifVersion: 0 });
  }

  /** @throws IngestionError `job-not-found` */
  async get(id: string): Promise<Job> {
    return (await this.#read(id)).job;
  }

  /**
   * Changes a job from what it is now; nothing is written when the change gives the job as it was.
   * @throws IngestionError `job-not-found`, and what `change` throws
   */
  async update(id: string, change: (job: Job) => Job): Promise<Job> {
    for (let attempt = 1; ; attempt += 1) {
      const { job, version } = await this.#read(id);
      const changed = change(job);
      if (changed === job) return job;
      try {
        const ttl = isEnded(changed) ? { ttlMs: KEPT_MS } : {};
        await this.records.put(SYSTEM_SCOPE, PREFIX + id, changed as unknown as JsonValue, { ifVersion: version, ...ttl });
        return changed;
      } catch (error) {
        if (attempt === ATTEMPTS || !(error instanceof StorageError && error.code === 'record-conflict')) throw error;
      }
    }
  }

  /** Every job there is. */
  async *all(): AsyncGenerator<Job> {
    for (let cursor: string | undefined; ; ) {
      const page = await this.records.list(SYSTEM_SCOPE, PREFIX, cursor === undefined ? {} : { cursor });
      for (const record of page.records) yield record.value as unknown as Job;
      if (page.nextCursor === undefined) return;
      cursor = page.nextCursor;
    }
  }

  async #read(id: string): Promise<{ job: Job; version: number }> {
    const record = /^[\w-]{1,64}$/.test(id) ? await this.records.get(SYSTEM_SCOPE, PREFIX + id) : undefined;
    if (record === undefined) throw jobNotFound(id);
    return { job: record.value as unknown as Job, version: record.version };
  }
}

export function jobNotFound(id: string): IngestionError {
  return new IngestionError('job-not-found', `There is no job "${id.slice(0, 80)}".`, {
    remedy: 'Use the jobId that POST /documents or POST /merges answered with; ended jobs are kept for seven days.',
  });
}
