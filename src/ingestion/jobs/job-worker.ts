import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import { isAbort } from '../../common/errors/describe-error.ts';
import { GraphError } from '../../graph/graph.errors.ts';
import type { Workspace } from '../../graph/graph.types.ts';
import { WorkspaceStore } from '../../graph/workspace-store.port.ts';
import { StorageError } from '../../storage/storage.errors.ts';
import { broken } from './job-outcome.ts';
import { JobRecords } from './job-records.ts';
import { JobTasks } from './job-tasks.ts';
import { isEnded, type Job, type JobProgress } from './job.types.ts';

/** A job that took the process down, or found the store away, so often is not begun again by itself. */
const MAX_ATTEMPTS = 3;

/** Reason of an abort: a caller cancelled the job. */
export class JobCancelled extends DOMException {
  constructor() {
    super('The job was cancelled.', 'AbortError');
  }
}

/** Works on one job from its begin to its end. */
@Injectable()
export class JobWorker {
  private readonly logger = new Logger(JobWorker.name);

  constructor(
    private readonly records: JobRecords,
    private readonly tasks: JobTasks,
    private readonly workspaces: WorkspaceStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Does a job, unless it has ended. Its faults are in its record afterwards.
   * @param told is given the progress as it is made
   * @param signal aborted with JobCancelled: the job is cancelled; with anything else: it stays for someone else, and the reason is thrown
   * @throws StorageError while a store is away: the job stays, and may be begun again
   */
  async work(jobId: string, told: (progress: JobProgress) => void, signal: AbortSignal): Promise<Job> {
    const job = await this.#begin(jobId);
    if (isEnded(job)) return job;
    const started = this.clock.monotonic();
    try {
      const done = await this.tasks.do(job, await this.#workspace(job), { told, signal });
      const ended = await this.records.update(jobId, done);
      this.logger.log({ jobId, state: ended.state, ms: Math.round(this.clock.monotonic() - started) }, 'a job ended');
      return ended;
    } catch (error) {
      return await this.#end(job, error, signal);
    }
  }

  async #begin(jobId: string): Promise<Job> {
    return await this.records.update(jobId, (now) => {
      if (isEnded(now)) return now;
      if (now.cancelRequested) return { ...now, state: 'cancelled' };
      if (now.attempts >= MAX_ATTEMPTS) return broken(now, new Error('the process ended during each attempt'));
      return { ...now, state: 'running', attempts: now.attempts + 1 };
    });
  }

  async #workspace(job: Job): Promise<Workspace> {
    const workspace = await this.workspaces.find(job.workspace);
    if (workspace?.uid !== job.workspaceUid) throw GraphError.workspaceNotFound(job.workspace);
    return workspace;
  }

  async #end({ id: jobId, attempts }: Job, error: unknown, signal: AbortSignal): Promise<Job> {
    if (signal.aborted && signal.reason instanceof JobCancelled) return await this.records.update(jobId, (now) => ({ ...now, state: 'cancelled' }));
    if (signal.aborted || isAbort(error)) throw error;
    // Not the job's fault: it stays, and is done when the store is back.
    if (isPassing(error) && attempts < MAX_ATTEMPTS) throw error;
    this.logger.warn({ err: error, jobId }, 'a job failed');
    return await this.records.update(jobId, (now) => broken(now, error));
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof StorageError && error.retryable;
}
