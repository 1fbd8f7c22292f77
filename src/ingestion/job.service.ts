import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import type { Workspace } from '../graph/graph.types.ts';
import { IngestionError } from './ingestion.errors.ts';
import { JobQueue } from './job-queue.port.ts';
import { JobRecords } from './jobs/job-records.ts';
import { isEnded, type Job, type JobInput, NO_COUNTS } from './jobs/job.types.ts';
import { WakeUp } from './jobs/wake-up.ts';

/** How often a job is looked at for its readers, in milliseconds. */
const WATCH_MS = 250;

/** Jobs for those who ask for them; JobRunner does the work. */
@Injectable()
export class JobService {
  /** Called when there is something new to do in this process. */
  readonly dispatched = new WakeUp();

  constructor(
    private readonly records: JobRecords,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {}

  /** Makes a job that takes uploads in, and queues it; durable when the promise resolves. */
  async create(workspace: Workspace, inputs: readonly JobInput[]): Promise<Job> {
    const total = inputs.reduce((sum, input) => sum + input.sizeBytes, 0);
    return await this.#queued(workspace, { task: 'ingest', inputs, progress: { done: 0, total, unit: 'bytes' } });
  }

  /** Makes a job that finds out which entities of a workspace are one, and queues it; durable when the promise resolves. */
  async createResolution(workspace: Workspace): Promise<Job> {
    return await this.#queued(workspace, { task: 'resolve', inputs: [], progress: { done: 0, total: 0, unit: 'pairs' } });
  }

  async #queued(workspace: Workspace, what: Pick<Job, 'task' | 'inputs' | 'progress'>): Promise<Job> {
    const job: Job = {
      ...what,
      id: this.ids.uuid(),
      workspace: workspace.slug,
      workspaceUid: workspace.uid,
      state: 'queued',
      counts: NO_COUNTS,
      errors: [],
      documentIds: [],
      cancelRequested: false,
      attempts: 0,
      createdAt: new Date(this.clock.now()).toISOString(),
    };
    await this.records.create(job);
    await this.#dispatch(job.id);
    return job;
  }

  /** @throws IngestionError `job-not-found` */
  async get(id: string): Promise<Job> {
    return await this.records.get(id);
  }

  /** The job now and after each change, at last as it ended. Throws as `get`; an aborted signal ends it with its reason. */
  async *watch(id: string, signal: AbortSignal): AsyncGenerator<Job> {
    let told = '';
    for (;;) {
      const job = await this.records.get(id);
      const now = JSON.stringify(job);
      if (now !== told) yield job;
      if (isEnded(job)) return;
      told = now;
      await this.clock.sleep(WATCH_MS, signal);
    }
  }

  /**
   * Cancels a job: at once if it waits, else as soon as its worker hears of it; what it has published stays.
   * @throws IngestionError `job-not-found`, `job-not-cancellable`
   */
  async cancel(id: string): Promise<Job> {
    const job = await this.records.update(id, (now) => {
      if (now.state === 'queued') return { ...now, state: 'cancelled', cancelRequested: true };
      if (now.state === 'running') return { ...now, cancelRequested: true };
      throw new IngestionError('job-not-cancellable', `The job is ${now.state} already.`, { remedy: 'Only queued and running jobs can be cancelled.' });
    });
    this.dispatched.call();
    return job;
  }

  /**
   * Queues a job that failed or was cancelled once more.
   * @throws IngestionError `job-not-found`, `job-not-retryable`
   */
  async retry(id: string): Promise<Job> {
    const job = await this.records.update(id, (now) => {
      if (now.state !== 'failed' && now.state !== 'cancelled') {
        throw new IngestionError('job-not-retryable', `The job is ${now.state}.`, { remedy: 'Only failed and cancelled jobs can be tried again.' });
      }
      return { ...now, state: 'queued', cancelRequested: false, attempts: 0, errors: [], counts: NO_COUNTS, progress: { ...now.progress, done: 0 } };
    });
    await this.#dispatch(id);
    return job;
  }

  async #dispatch(id: string): Promise<void> {
    await this.queue.dispatch(id);
    this.dispatched.call();
  }
}
