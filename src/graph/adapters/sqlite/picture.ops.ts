import { normalForm } from '../../../common/text/words.ts';
import type { GraphPicture } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { families } from './merges.ts';
import { pictureOf } from './picture-parts.ts';
import { all } from './rows.ts';

export { relationsOf } from './relation-facts.ts';
export { isCurrent, migrate } from './schema.ts';

export interface NeighbourhoodInput {
  readonly entity?: string;
  readonly depth: number;
  readonly limit: number;
}

/** The surroundings of an entity, or the most connected part; nothing if there is no such entity. */
export function neighbourhood(context: SqliteContext, input: NeighbourhoodInput): GraphPicture | undefined {
  const start = input.entity === undefined ? mostConnected(context, input.limit) : entitiesNamed(context, input.entity);
  if (start.length === 0 && input.entity !== undefined) return undefined;
  const reached = walkOut(context, start, input.entity === undefined ? 0 : input.depth, input.limit);
  return pictureOf(context, reached);
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
  let edge = families(context, start.slice(0, limit));
  const reached = new Set(edge);
  for (let step = 0; step < depth && edge.length > 0 && reached.size < limit; step += 1) {
    edge = families(context, neighboursOf(context, { ids: edge, without: reached, limit: limit - reached.size })).filter((id) => !reached.has(id));
    for (const id of edge) reached.add(id);
  }
  return [...reached];
}

/** Neighbours that are not reached yet, those with most relations to the given ones first. */
function neighboursOf(context: SqliteContext, { ids, without, limit }: { ids: readonly number[]; without: ReadonlySet<number>; limit: number }): number[] {
  const sql = `select end as id, count(*) as n from (
      select target as end from relation where source in (select value from json_each(?1))
      union all select source from relation where target in (select value from json_each(?1)))
    where end not in (select value from json_each(?2)) group by end order by n desc, end limit ?3`;
  return all<{ id: number }>(context, sql, JSON.stringify(ids), JSON.stringify([...without]), limit).map((row) => row.id);
}
