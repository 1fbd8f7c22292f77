import { Injectable } from '@nestjs/common';
import { GraphError } from '../../graph.errors.ts';
import type { GraphPicture, RelationFact, WorkspaceRef } from '../../graph.types.ts';
import { type HopQuery, KnowledgeGraph, type NamesQuery, type RelationsQuery } from '../../knowledge-graph.port.ts';
import type { FoundNames, HopColumns } from '../../retrieval-columns.types.ts';
import { SqliteGraphFiles } from './sqlite-graph-files.ts';

@Injectable()
export class SqliteKnowledgeGraph extends KnowledgeGraph {
  constructor(private readonly files: SqliteGraphFiles) {
    super();
  }

  override async namesIn(workspace: WorkspaceRef, query: NamesQuery, signal?: AbortSignal): Promise<FoundNames> {
    return await this.files.read(workspace, { module: 'walk', operation: 'namesIn', input: query, signal });
  }

  override async hop(workspace: WorkspaceRef, query: HopQuery, signal?: AbortSignal): Promise<HopColumns> {
    return await this.files.read(workspace, { module: 'walk', operation: 'hop', input: query, signal });
  }

  override async relationsOf(workspace: WorkspaceRef, query: RelationsQuery): Promise<RelationFact[]> {
    return await this.files.read(workspace, { module: 'picture', operation: 'relationsOf', input: query });
  }

  override async neighbourhood(
    workspace: WorkspaceRef,
    query: { readonly entity?: string; readonly depth: number; readonly limit: number },
  ): Promise<GraphPicture> {
    const found = await this.files.read<GraphPicture | undefined>(workspace, { module: 'picture', operation: 'neighbourhood', input: query });
    if (found !== undefined) return found;
    throw new GraphError('entity-not-found', `No entity is called "${(query.entity ?? '').slice(0, 80)}".`, {
      remedy: 'Use a name as the documents write it, or one of its aliases.',
    });
  }
}
