import { Injectable } from '@nestjs/common';
import type { WorkspaceRef } from '../../graph.types.ts';
import { type EntityMention, type EntityMerge, type EntityPage, type GivenSense, StoredEntities } from '../../stored-entities.port.ts';
import { SqliteGraphFiles } from './sqlite-graph-files.ts';

@Injectable()
export class SqliteStoredEntities extends StoredEntities {
  constructor(private readonly files: SqliteGraphFiles) {
    super();
  }

  override async page(workspace: WorkspaceRef, query: { readonly after?: string; readonly limit: number }): Promise<EntityPage> {
    return await this.files.read(workspace, { module: 'entities', operation: 'page', input: query });
  }

  override async mentions(workspace: WorkspaceRef, entityIds: readonly string[]): Promise<ReadonlyMap<string, readonly EntityMention[]>> {
    return await this.files.read(workspace, { module: 'entities', operation: 'mentions', input: { entityIds } });
  }

  override async giveSenses(workspace: WorkspaceRef, given: readonly GivenSense[]): Promise<number> {
    if (given.length === 0) return 0;
    return await this.files.write(workspace, { module: 'entities', operation: 'giveSenses', input: { uid: workspace.uid, given } });
  }

  override async merges(workspace: WorkspaceRef): Promise<EntityMerge[]> {
    return await this.files.read(workspace, { module: 'entities', operation: 'merges' });
  }

  override async declare(workspace: WorkspaceRef, merges: readonly EntityMerge[]): Promise<number> {
    if (merges.length === 0) return 0;
    return await this.files.write(workspace, { module: 'entities', operation: 'declare', input: { merges } });
  }

  override async forget(workspace: WorkspaceRef, entityIds: readonly string[]): Promise<void> {
    if (entityIds.length > 0) await this.files.write(workspace, { module: 'entities', operation: 'forget', input: { entityIds } });
  }
}
