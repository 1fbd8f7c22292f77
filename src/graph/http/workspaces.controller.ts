import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { CurrentCaller } from '../../auth/current-caller.decorator.ts';
import { Requires } from '../../auth/requires.decorator.ts';
import type { Caller } from '../../common/http/principal.types.ts';
import { WorkspaceAccess } from '../workspace-access.service.ts';
import { WorkspaceService } from '../workspace.service.ts';

const createRequest = z.strictObject({ slug: z.string().min(1).max(200) });

interface WorkspaceAnswer {
  readonly slug: string;
  readonly documents: number;
  readonly chunks: number;
  readonly entities: number;
  readonly relations: number;
  readonly indexVersion: number;
}

@Controller('workspaces')
export class WorkspacesController {
  constructor(
    private readonly workspaces: WorkspaceService,
    private readonly access: WorkspaceAccess,
  ) {}

  @Get()
  @Requires('read')
  async list(@CurrentCaller() caller: Caller): Promise<{ workspaces: WorkspaceAnswer[] }> {
    const visible = await this.access.visible(caller);
    return { workspaces: await Promise.all(visible.map((workspace) => this.#answer(workspace))) };
  }

  @Post()
  @Requires('instance-admin')
  async create(@Body({ schema: createRequest }) body: z.output<typeof createRequest>): Promise<WorkspaceAnswer> {
    return await this.#answer(await this.workspaces.create(body.slug));
  }

  @Delete(':slug')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Requires('instance-admin')
  async drop(@Param('slug') slug: string): Promise<void> {
    await this.workspaces.drop(slug);
  }

  async #answer(workspace: { readonly slug: string; readonly uid: string }): Promise<WorkspaceAnswer> {
    const { documents, chunks, entities, relations, indexVersion } = await this.workspaces.stats(workspace);
    return { slug: workspace.slug, documents, chunks, entities, relations, indexVersion };
  }
}
