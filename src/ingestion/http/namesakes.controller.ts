import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { CurrentCaller } from '../../auth/current-caller.decorator.ts';
import { Requires } from '../../auth/requires.decorator.ts';
import type { Caller } from '../../common/http/principal.types.ts';
import { WorkspaceAccess } from '../../graph/workspace-access.service.ts';
import { ResolutionService } from '../resolution/resolution.service.ts';
import type { Namesakes } from '../resolution/resolution.types.ts';
import { type ListQuery, listQuery, type WorkspaceQuery, workspaceQuery } from './documents.schemas.ts';

/** Persons of one name that were told apart; `POST /merges` looks for them too. */
@Controller('namesakes')
export class NamesakesController {
  constructor(
    private readonly resolution: ResolutionService,
    private readonly access: WorkspaceAccess,
  ) {}

  /** By rising name. */
  @Get()
  @Requires('read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: listQuery }) { workspace, cursor, limit }: ListQuery,
  ): Promise<{ namesakes: readonly Namesakes[]; nextCursor?: string }> {
    return await this.resolution.namesakesPage(await this.access.resolve(caller, workspace), { limit, ...(cursor === undefined ? {} : { cursor }) });
  }

  /** They are one person from then on. */
  @Delete(':id')
  @Requires('write')
  async makeOne(@CurrentCaller() caller: Caller, @Param('id') id: string, @Query({ schema: workspaceQuery }) query: WorkspaceQuery): Promise<Namesakes> {
    return await this.resolution.makeOne(await this.access.resolve(caller, query.workspace), id);
  }
}
