import { Injectable } from '@nestjs/common';
import { BlobStore } from '../storage/blob-store.port.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { workspaceScope } from '../storage/storage.types.ts';
import { GraphError } from './graph.errors.ts';
import type { Workspace, WorkspaceRef, WorkspaceStats } from './graph.types.ts';
import { WorkspaceStore } from './workspace-store.port.ts';

/** Makes and drops workspaces with all that is kept of them in any store. */
@Injectable()
export class WorkspaceService {
  constructor(
    private readonly workspaces: WorkspaceStore,
    private readonly records: RecordStore,
    private readonly blobs: BlobStore,
  ) {}

  async create(slug: string): Promise<Workspace> {
    return await this.workspaces.create(slug);
  }

  /** The workspace of that name, made when it is missing; two callers at once get the same one. */
  async findOrCreate(slug: string): Promise<Workspace> {
    const known = await this.workspaces.find(slug);
    if (known !== undefined) return known;
    try {
      return await this.workspaces.create(slug);
    } catch (error) {
      const made = error instanceof GraphError && error.code === 'workspace-exists' ? await this.workspaces.find(slug) : undefined;
      if (made === undefined) throw error;
      return made;
    }
  }

  /** @throws GraphError `workspace-not-found` */
  async get(slug: string): Promise<Workspace> {
    const workspace = await this.workspaces.find(slug);
    if (workspace === undefined) throw GraphError.workspaceNotFound(slug);
    return workspace;
  }

  async list(): Promise<Workspace[]> {
    return await this.workspaces.list();
  }

  async stats(workspace: WorkspaceRef): Promise<WorkspaceStats> {
    return await this.workspaces.stats(workspace);
  }

  /**
   * Drops a workspace: first nobody finds it any longer, then what is kept of it goes.
   * @throws GraphError `workspace-not-found`
   */
  async drop(slug: string): Promise<void> {
    const workspace = await this.get(slug);
    await this.workspaces.drop(slug);
    await this.records.clear(workspaceScope(workspace));
    await this.blobs.clear(workspaceScope(workspace));
  }
}
