import { Injectable, Optional } from '@nestjs/common';
import { GraphError } from '../../graph.errors.ts';
import type { GraphPicture, RelationFact, WorkspaceRef } from '../../graph.types.ts';
import { type HopQuery, KnowledgeGraph, type NamesQuery, type RelationsQuery } from '../../knowledge-graph.port.ts';
import type { FoundNames, HopColumns } from '../../retrieval-columns.types.ts';
import { neighbourhood, type PictureQuery } from './graph-picture.ts';
import { Neo4jGraph } from './neo4j-graph.service.ts';
import { relationsOf } from './relation-look-up.ts';
import { RunMemory } from './run-memory.ts';
import { WalkLookUp } from './walk-look-up.ts';

@Injectable()
export class Neo4jKnowledgeGraph extends KnowledgeGraph {
  constructor(
    private readonly graph: Neo4jGraph,
    @Optional() private readonly memory?: RunMemory,
  ) {
    super();
  }

  /** The same graph for one question, which asks for nothing that this memory knows. */
  within(memory: RunMemory): Neo4jKnowledgeGraph {
    return new Neo4jKnowledgeGraph(this.graph, memory);
  }

  override async namesIn(workspace: WorkspaceRef, query: NamesQuery, signal?: AbortSignal): Promise<FoundNames> {
    return await new WalkLookUp(this.graph, workspace, { memory: this.memory, signal }).namesIn(query);
  }

  override async hop(workspace: WorkspaceRef, query: HopQuery, signal?: AbortSignal): Promise<HopColumns> {
    return await new WalkLookUp(this.graph, workspace, { memory: this.memory, signal }).hop(query);
  }

  override async relationsOf(workspace: WorkspaceRef, query: RelationsQuery): Promise<RelationFact[]> {
    return await relationsOf(this.graph, workspace, query);
  }

  override async neighbourhood(workspace: WorkspaceRef, query: PictureQuery): Promise<GraphPicture> {
    const found = await neighbourhood(this.graph, workspace, query);
    if (found !== undefined) return found;
    throw new GraphError('entity-not-found', `No entity is called "${(query.entity ?? '').slice(0, 80)}".`, {
      remedy: 'Use a name as the documents write it, or one of its aliases.',
    });
  }
}
