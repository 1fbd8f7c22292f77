import { normalForm } from '../../../common/text/words.ts';
import type { GraphEdge, GraphNode, GraphPicture } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { mergedIds, shownId } from './merges.ts';
import { displayName } from './surfaces.ts';
import { all, one, run, transaction } from './rows.ts';

export { relationsOf } from './relation-facts.ts';
export { isCurrent, migrate } from './schema.ts';

interface RelationRow {
  readonly id: number;
  readonly source: number;
  readonly target: number;
  readonly type: string;
  readonly n: number;
}

const EVIDENCE_LIMIT = 20;

function evidenceOf(context: SqliteContext, relation: number): { documentId: string; chunkId: string }[] {
  const sql = `select d.document_id as documentId, p.chunk_id as chunkId from assertion a join passage p on p.id = a.passage
    join document d on d.id = p.document where a.relation = ? order by d.external_id, p.ordinal limit ?`;
  return all(context, sql, relation, EVIDENCE_LIMIT);
}

export interface NeighbourhoodInput {
  readonly entity?: string;
  readonly depth: number;
  readonly limit: number;
}

/** The surroundings of an entity, or the most connected part; nothing if there is no such entity. */
export function neighbourhood(context: SqliteContext, input: NeighbourhoodInput): GraphPicture | undefined {
  const merged = mergedIds(context);
  const start = input.entity === undefined ? mostConnected(context, input.limit) : entitiesNamed(context, input.entity);
  if (start.length === 0 && input.entity !== undefined) return undefined;
  const reached = walkOut(context, start, input.entity === undefined ? 0 : input.depth, input.limit);
  return picture(context, reached, merged);
}

function entitiesNamed(context: SqliteContext, name: string): number[] {
  const norm = normalForm(name);
  const sql = 'select id from entity where norm = ?1 union select entity from entity_alias where norm = ?1 order by 1';
  return all<{ id: number }>(context, sql, norm).map((row) => row.id);
}

function mostConnected(context: SqliteContext, limit: number): number[] {
  const sql = `select end as id, count(*) as n from (select source as end from relation union all select target from relation)
    group by end order by n desc, end limit ?`;
  return all<{ id: number }>(context, sql, limit).map((row) => row.id);
}

function walkOut(context: SqliteContext, start: readonly number[], depth: number, limit: number): number[] {
  const reached = new Set(start.slice(0, limit));
  let edge: readonly number[] = [...reached];
  for (let step = 0; step < depth && reached.size < limit; step += 1) {
    const next = neighboursOf(context, edge).filter((id) => !reached.has(id));
    edge = next.slice(0, limit - reached.size);
    for (const id of edge) reached.add(id);
  }
  return [...reached];
}

/** Neighbours, those with most relations to the given ones first. */
function neighboursOf(context: SqliteContext, ids: readonly number[]): number[] {
  const sql = `select end as id, count(*) as n from (
      select target as end from relation where source in (select value from json_each(?1))
      union all select source from relation where target in (select value from json_each(?1)))
    group by end order by n desc, end`;
  return all<{ id: number }>(context, sql, JSON.stringify(ids)).map((row) => row.id);
}

function picture(context: SqliteContext, ids: readonly number[], merged: ReadonlyMap<string, string>): GraphPicture {
  const shown = new Map(ids.map((id) => [id, shownId(context, id, merged)]));
  const edges = edgesAmong(context, ids, shown);
  const degrees = new Map<string, number>();
  for (const end of edges.flatMap((edge) => [edge.source, edge.target])) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  const nodes = [...new Set(shown.values())].map((id) => nodeOf(context, id, degrees.get(id) ?? 0));
  return { nodes, edges };
}

function nodeOf(context: SqliteContext, entityId: string, degree: number): GraphNode {
  const row = one<{ id: number; type: string }>(context, 'select id, type from entity where entity_id = ?', entityId);
  return { id: entityId, name: displayName(context, row?.id ?? 0), type: row?.type ?? 'other', degree };
}

function edgesAmong(context: SqliteContext, ids: readonly number[], shown: ReadonlyMap<number, string>): GraphEdge[] {
  const sql = `select r.id, r.source, r.target, r.type, (select count(*) from assertion a where a.relation = r.id) as n from relation r
    where r.source in (select value from json_each(?1)) and r.target in (select value from json_each(?1)) order by n desc, r.relation_id`;
  return all<RelationRow>(context, sql, JSON.stringify(ids)).map((row) => ({
    source: shown.get(row.source) ?? '',
    target: shown.get(row.target) ?? '',
    type: row.type,
    weight: row.n,
    evidence: evidenceOf(context, row.id),
  }));
}

export function merge(context: SqliteContext, input: { readonly entityId: string; readonly into: string }): boolean {
  return transaction(context, () => {
    const both = [input.entityId, input.into].every((id) => one(context, 'select 1 from entity where entity_id = ?', id) !== undefined);
    if (!both) return false;
    run(context, 'insert into merge values (?, ?) on conflict(entity_id) do update set into_id = excluded.into_id', input.entityId, input.into);
    return true;
  });
}

export function unmerge(context: SqliteContext, input: { readonly entityId: string }): void {
  run(context, 'delete from merge where entity_id = ?', input.entityId);
}
