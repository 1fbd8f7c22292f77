import { Injectable } from '@nestjs/common';
import type { Workspace } from '../../graph/graph.types.ts';
import { IngestionService } from '../ingestion.service.ts';
import { ResolutionService } from '../resolution/resolution.service.ts';
import { completed, resolved } from './job-outcome.ts';
import { JobSources } from './job-sources.ts';
import type { Job, JobProgress } from './job.types.ts';

/** Who hears of a task under way, and who ends it. */
export interface TaskContext {
  /** Is given the progress as it is made. */
  readonly told: (progress: JobProgress) => void;
  readonly signal: AbortSignal;
}

/** What jobs are for. */
@Injectable()
export class JobTasks {
  constructor(
    private readonly sources: JobSources,
    private readonly ingestion: IngestionService,
    private readonly resolution: ResolutionService,
  ) {}

  /**
   * Does what a job is for.
   * @returns what its record becomes by that
   * @throws what `IngestionService.ingest` and `ResolutionService.resolve` throw
   */
  async do(job: Job, workspace: Workspace, context: TaskContext): Promise<(now: Job) => Job> {
    return job.task === 'resolve' ? await this.#resolve(workspace, context) : await this.#ingest(job, workspace, context);
  }

  async #resolve(workspace: Workspace, { told, signal }: TaskContext): Promise<(now: Job) => Job> {
    const report = await this.resolution.resolve({ workspace, signal, onProgress: told });
    return (now) => resolved(now, report);
  }

  async #ingest(job: Job, workspace: Workspace, { told, signal }: TaskContext): Promise<(now: Job) => Job> {
    const report = await this.ingestion.ingest({
      workspace,
      sources: this.sources.of(job),
      signal,
      onProgress: ({ done, unit }) => {
        // The size of all uploads is known; what a list of records is read twice for does not count.
        told({ done: Math.min(done, job.progress.total), total: job.progress.total, unit });
      },
    });
    return (now) => completed(now, report);
  }
}
