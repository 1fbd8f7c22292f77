import { Injectable } from '@nestjs/common';
import type { WorkspaceRef } from '../../graph.types.ts';
import { longestText } from '../../indexing/longest-text.ts';
import { type EntityMention, type EntityMerge, type EntityPage, type GivenSense, PASSAGES_TOLD, StoredEntities, type StoredEntity } from '../../stored-entities.port.ts';
import { ChangeScope } from './change-scope.ts';
import { EntityChanges } from './entity-changes.ts';
import { workspaceGone } from './graph-faults.ts';
import { LOCKED_WORKSPACE, Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
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
const MENTIONS = `${WORKSPACE}CALL (w) {
  UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE e.workspace = $workspace
  MATCH (e)<-[m:MENTIONS]-(c:Chunk) WITH e, m, c ORDER BY c.id
  RETURN collect([e.id, c.key, m.surface, COLLECT { MATCH (c)-[:MENTIONS]->(o:Entity) WHERE o.norm <> e.norm WITH DISTINCT o.norm AS norm ORDER BY norm RETURN norm }]) AS rows
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

const LOCK = `${LOCKED_WORKSPACE}RETURN w.entities AS entities, w.relations AS relations`;
const COUNT = `${WORKSPACE}SET w += $counts`;

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

  override async mentions(workspace: WorkspaceRef, entityIds: readonly string[]): Promise<ReadonlyMap<string, readonly EntityMention[]>> {
    const { rows } = await this.graph.look<{ rows: [id: string, passage: number, surface: string, beside: string[]][] }>(workspace, MENTIONS, { ids: entityIds });
    const byEntity = Map.groupBy(rows, ([id]) => id);
    return new Map(Array.from(byEntity, ([id, told]) => [id, told.map(([, passage, surface, beside]) => ({ passage, surface, beside: beside.sort() }))]));
  }

  override async giveSenses(workspace: WorkspaceRef, given: readonly GivenSense[]): Promise<number> {
    if (given.length === 0) return 0;
    return await this.graph.write(async (transaction) => {
      const scope = new ChangeScope(transaction, workspace.uid);
      return await scope.through(async () => {
        const [counts] = await scope.run<{ entities: number; relations: number }>(LOCK);
        if (counts === undefined) throw workspaceGone(workspace);
        const changes = new EntityChanges(scope);
        const moved = await changes.giveSenses(given);
        const growth = await changes.write();
        await scope.run(COUNT, { counts: { entities: counts.entities + growth.entities, relations: counts.relations + growth.relations } });
        return moved;
      });
    });
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
