import { Controller, Get, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentCaller } from '../../auth/current-caller.decorator.ts';
import { Requires } from '../../auth/requires.decorator.ts';
import type { Caller } from '../../common/http/principal.types.ts';
import { readerSignal, sendEvents, type ServerEvent } from '../../common/http/sse.ts';
import { ShutdownService } from '../../common/lifecycle/shutdown.service.ts';
import { GraphError } from '../../graph/graph.errors.ts';
import { WorkspaceAccess } from '../../graph/workspace-access.service.ts';
import { JobService } from '../job.service.ts';
import { jobNotFound } from '../jobs/job-records.ts';
import { isEnded, type Job, type JobView, viewOf } from '../jobs/job.types.ts';

async function* eventsOf(jobs: AsyncIterable<Job>): AsyncGenerator<ServerEvent> {
  for await (const job of jobs) yield { event: isEnded(job) ? 'done' : 'progress', data: viewOf(job) };
}

@Controller('jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobService,
    private readonly access: WorkspaceAccess,
    private readonly shutdown: ShutdownService,
  ) {}

  @Get(':id')
  @Requires('read')
  async get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<JobView> {
    return viewOf(await this.#find(caller, id));
  }

  /** `progress` with each change, `done` at the end. */
  @Get(':id/events')
  @Requires('read')
  async events(@CurrentCaller() caller: Caller, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.#find(caller, id);
    const signal = readerSignal(reply, this.shutdown.signal);
    await sendEvents(reply, eventsOf(this.jobs.watch(id, signal)), { signal: this.shutdown.signal });
  }

  @Post(':id/cancel')
  @HttpCode(HttpStatus.OK)
  @Requires('write')
  async cancel(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<JobView> {
    await this.#find(caller, id);
    return viewOf(await this.jobs.cancel(id));
  }

  @Post(':id/retry')
  @HttpCode(HttpStatus.ACCEPTED)
  @Requires('write')
  async retry(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<JobView> {
    await this.#find(caller, id);
    return viewOf(await this.jobs.retry(id));
  }

  /** Jobs are found by id alone; one of a workspace the caller does not see looks like none. */
  async #find(caller: Caller, id: string): Promise<Job> {
    const job = await this.jobs.get(id);
    if (caller.principal.instanceAdmin) return job;
    try {
      const workspace = await this.access.resolve(caller, job.workspace);
      if (workspace.uid === job.workspaceUid) return job;
    } catch (error) {
      if (!(error instanceof GraphError && error.code === 'workspace-not-found')) throw error;
    }
    throw jobNotFound(id);
  }
}
