import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { RelationEnd, RelationEvidence, RelationFact } from '../../graph.types.ts';
import type { RelationsQuery } from '../../knowledge-graph.port.ts';
import { shownIds } from './merges.ts';
import { all, tuples } from './rows.ts';

interface RelationRow {
  readonly id: number;
  readonly relation_id: string;
  readonly source: number;
  readonly target: number;
  readonly type: string;
}

/** Relations asserted by passages, those asserted by more of them first: a fixed number of statements, however many there are. */
export function relationsOf(context: SqliteContext, query: RelationsQuery): RelationFact[] {
  const sql = `select r.id, r.relation_id, r.source, r.target, r.type from assertion a join relation r on r.id = a.relation
    where a.passage in (select value from json_each(?)) group by r.id order by count(*) desc, r.relation_id limit ?`;
  const rows = all<RelationRow>(context, sql, JSON.stringify(query.passages), query.limit);
  const evidence = evidenceOf(context, query, rows);
  const ends = endsOf(context, query, rows);
  return rows.map(({ id, relation_id, source, target, type }) => ({
    id: relation_id,
    source: ends.get(source) ?? NOBODY,
    target: ends.get(target) ?? NOBODY,
    type,
    evidence: evidence.get(id) ?? [],
  }));
}

const NOBODY: RelationEnd = { name: '', norms: [] };

function evidenceOf(context: SqliteContext, { passages }: RelationsQuery, rows: readonly RelationRow[]): Map<number, RelationEvidence[]> {
  const sql = `select a.relation, a.passage, a.description, d.document_id as documentId, p.chunk_id as chunkId from assertion a
    join passage p on p.id = a.passage join document d on d.id = p.document
    where a.passage in (select value from json_each(?)) and a.relation in (select value from json_each(?))`;
  const found = all<RelationEvidence & { readonly relation: number }>(context, sql, JSON.stringify(passages), JSON.stringify(rows.map(({ id }) => id)));
  const place = new Map(passages.map((passage, i) => [passage, i]));
  const byRelation = Map.groupBy(found.sort((a, b) => (place.get(a.passage) ?? 0) - (place.get(b.passage) ?? 0)), ({ relation }) => relation);
  return new Map(Array.from(byRelation, ([relation, list]) => [relation, list.map(({ relation: _, ...evidence }) => evidence)]));
}

function endsOf(context: SqliteContext, query: RelationsQuery, rows: readonly RelationRow[]): Map<number, RelationEnd> {
  const given = [...new Set(rows.flatMap(({ source, target }) => [source, target]))];
  const shown = shownEntities(context, given);
  const ids = [...new Set([...given, ...shown.values()])];
  const own = new Map(rowsOf<{ norm: string }>(context, 'select id as entity, norm from entity where id in (select value from json_each(?))', ids).map(({ entity, norm }) => [entity, norm]));
  const aliases = aliasesOf(context, new Set(ids), [...query.names, ...own.values()]);
  const surfaces = surfacesIn(context, query);
  return new Map(
    given.map((entity) => {
      const one = shown.get(entity) ?? entity;
      const norms = [own.get(one), own.get(entity), ...(aliases.get(one) ?? []), ...(aliases.get(entity) ?? [])];
      const name = surfaces.get(one) ?? surfaces.get(entity) ?? own.get(entity) ?? '';
      return [entity, { name, norms: [...new Set(norms.filter((norm) => norm !== undefined))] }];
    }),
  );
}

function rowsOf<T>(context: SqliteContext, sql: string, ids: readonly unknown[]): (T & { readonly entity: number })[] {
  return all<T & { readonly entity: number }>(context, sql, JSON.stringify(ids));
}

/** The entities by which others are shown. */
function shownEntities(context: SqliteContext, ids: readonly number[]): Map<number, number> {
  const shown = shownIds(context, ids);
  const sql = 'select entity_id, id from entity where entity_id in (select value from json_each(?))';
  const there = new Map(tuples<[entityId: string, id: number]>(context, sql, JSON.stringify([...new Set(shown.values())])));
  return new Map(Array.from(shown, ([id, entityId]) => [id, there.get(entityId) ?? id]));
}

function aliasesOf(context: SqliteContext, entities: ReadonlySet<number>, names: readonly string[]): Map<number, string[]> {
  const sql = 'select distinct entity, norm from entity_alias where norm in (select value from json_each(?)) order by norm';
  const found = rowsOf<{ norm: string }>(context, sql, [...new Set(names)]).filter(({ entity }) => entities.has(entity));
  return new Map(Array.from(Map.groupBy(found, ({ entity }) => entity), ([entity, list]) => [entity, list.map(({ norm }) => norm)]));
}

/** How most of the passages write an entity's name, of equals the first by code unit. */
function surfacesIn(context: SqliteContext, { passages }: RelationsQuery): Map<number, string> {
  const sql = `select entity, surface from mention where passage in (select value from json_each(?)) group by entity, surface
    order by count(*), surface desc`;
  return new Map(rowsOf<{ surface: string }>(context, sql, passages).map(({ entity, surface }) => [entity, surface]));
}
