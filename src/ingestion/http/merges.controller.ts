import { Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { CurrentCaller } from '../../auth/current-caller.decorator.ts';
import { Requires } from '../../auth/requires.decorator.ts';
import type { Caller } from '../../common/http/principal.types.ts';
import { WorkspaceAccess } from '../../graph/workspace-access.service.ts';
import { JobService } from '../job.service.ts';
import { ResolutionService } from '../resolution/resolution.service.ts';
import type { Resolved } from '../resolution/resolution.types.ts';
import { type ListQuery, listQuery, type WorkspaceQuery, workspaceQuery } from './documents.schemas.ts';

/** Entities that were found to be one. */
@Controller('merges')
export class MergesController {
  constructor(
    private readonly resolution: ResolutionService,
    private readonly jobs: JobService,
    private readonly access: WorkspaceAccess,
  ) {}

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @Requires('write')
  async resolve(@CurrentCaller() caller: Caller, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<{ jobId: string }> {
    return { jobId: (await this.jobs.createResolution(await this.access.resolve(caller, query.workspace))).id };
  }

  /** By rising name of what was merged. */
  @Get()
  @Requires('read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: listQuery }) { workspace, cursor, limit }: ListQuery,
  ): Promise<{ merges: readonly Resolved[]; nextCursor?: string }> {
    return await this.resolution.page(await this.access.resolve(caller, workspace), { limit, ...(cursor === undefined ? {} : { cursor }) });
  }

  @Delete()
  @Requires('write')
  async undoAll(@CurrentCaller() caller: Caller, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<{ undone: number }> {
    return { undone: await this.resolution.undoAll(await this.access.resolve(caller, query.workspace)) };
  }

  /** The two stay two from then on. */
  @Delete(':entityId')
  @Requires('write')
  async undo(@CurrentCaller() caller: Caller, @Param('entityId') entityId: string, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<Resolved> {
    return await this.resolution.undo(await this.access.resolve(caller, query.workspace), entityId);
  }
}
