import { Injectable } from '@nestjs/common';
import type { WorkspaceRef } from '../../graph.types.ts';
import { longestText } from '../../indexing/longest-text.ts';
import { type EntityMerge, type EntityPage, PASSAGES_TOLD, StoredEntities, type StoredEntity } from '../../stored-entities.port.ts';
import { workspaceGone } from './graph-faults.ts';
import { Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import { workspaceLabel } from './workspace-names.ts';

interface Row extends Omit<StoredEntity, 'description' | 'aliases'> {
  readonly aliases: readonly string[];
  readonly descriptions: readonly string[];
}

// By name, because that is what the index of a workspace's entities has in order.
const PAGE = `${WORKSPACE}CALL (w) {
  MATCH (e:Entity) WHERE e.workspace = $workspace AND e.norm >= $norm AND (e.norm > $norm OR e.id > $id)
  WITH e ORDER BY e.norm, e.id LIMIT $limit
  CALL (e) {
    MATCH (e)<-[m:MENTIONS]-(c:Chunk) WITH m, c ORDER BY c.id LIMIT ${String(PASSAGES_TOLD)}
    RETURN collect(c.key) AS passages, collect(DISTINCT m.description) AS descriptions
  }
  CALL (e) { MATCH (e)<-[m:MENTIONS]-() WITH m.surface AS surface, count(*) AS times ORDER BY times DESC, surface LIMIT 1 RETURN collect(surface) AS surfaces }
  CALL (e) { MATCH (a:Alias)-[:ALIAS_OF]->(e) WITH a.norm AS norm ORDER BY norm RETURN collect(norm) AS aliases }
  RETURN collect({
    id: e.id, norm: e.norm, type: e.type, sense: CASE e.sense WHEN '0' THEN '' ELSE e.sense END, name: coalesce(surfaces[0], e.norm), aliases: aliases, mentions: COUNT { (e)<-[:MENTIONS]-() },
    passages: passages, descriptions: descriptions
  }) AS rows
}
RETURN rows`;
const ALL_MERGES = `${WORKSPACE}CALL (w) {
  MATCH (m:Merge) WHERE m.workspace = $workspace AND m.entity >= '' WITH m ORDER BY m.entity
  RETURN collect({entityId: m.entity, intoId: m.into}) AS merges
}
RETURN merges`;
const DECLARE = `${WORKSPACE}CALL (w) {
  UNWIND $merges AS row
  MATCH (e:Entity {id: row.entityId}) WHERE e.workspace = $workspace MATCH (into:Entity {id: row.intoId}) WHERE into.workspace = $workspace
  MERGE (m:Merge {workspace: $workspace, entity: row.entityId}) ON CREATE SET m:$($label) SET m.into = row.intoId
  RETURN count(*) AS declared
}
RETURN declared`;
const FORGET = `${WORKSPACE}CALL (w) {
  UNWIND $ids AS id MATCH (m:Merge {workspace: $workspace, entity: id}) DELETE m RETURN count(*) AS forgotten
}
RETURN forgotten`;

@Injectable()
export class Neo4jStoredEntities extends StoredEntities {
  constructor(private readonly graph: Neo4jGraph) {
    super();
  }

  override async page(workspace: WorkspaceRef, { after, limit }: { readonly after?: string; readonly limit: number }): Promise<EntityPage> {
    const [norm, id] = after === undefined ? ['', ''] : (JSON.parse(after) as [string, string]);
    const { rows } = await this.graph.look<{ rows: Row[] }>(workspace, PAGE, { norm, id, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const entities = shown.map(({ descriptions, ...entity }) => ({ ...entity, description: longestText(descriptions) }));
    return { entities, ...(rows.length > limit && last !== undefined ? { next: JSON.stringify([last.norm, last.id]) } : {}) };
  }

  override async merges(workspace: WorkspaceRef): Promise<EntityMerge[]> {
    return (await this.graph.look<{ merges: EntityMerge[] }>(workspace, ALL_MERGES)).merges;
  }

  override async declare(workspace: WorkspaceRef, merges: readonly EntityMerge[]): Promise<number> {
    if (merges.length === 0) return 0;
    return (await this.#write<{ declared: number }>(workspace, DECLARE, { merges })).declared;
  }

  override async forget(workspace: WorkspaceRef, entityIds: readonly string[]): Promise<void> {
    if (entityIds.length > 0) await this.#write(workspace, FORGET, { ids: entityIds });
  }

  async #write<Row>(workspace: WorkspaceRef, cypher: string, parameters: Readonly<Record<string, unknown>>): Promise<Row> {
    const [row] = await this.graph.change<Row>(cypher, { ...parameters, workspace: workspace.uid, label: workspaceLabel(workspace.uid) });
    if (row === undefined) throw workspaceGone(workspace);
    return row;
  }
}
