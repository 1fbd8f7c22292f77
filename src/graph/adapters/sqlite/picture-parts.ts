import type { GraphEdge, GraphNode, GraphPicture } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { shownIds } from './merges.ts';
import { all, tuples } from './rows.ts';
import { displayNames } from './surfaces.ts';

interface RelationRow {
  readonly id: number;
  readonly source: number;
  readonly target: number;
  readonly type: string;
}

type Evidence = GraphEdge['evidence'][number];

const EVIDENCE_LIMIT = 20;

/** Entities with the relations among them: a fixed number of statements, however many there are. */
export function pictureOf(context: SqliteContext, ids: readonly number[]): GraphPicture {
  const shown = shownIds(context, ids);
  const edges = edgesAmong(context, ids, shown);
  const degrees = new Map<string, number>();
  for (const end of edges.flatMap((edge) => [edge.source, edge.target])) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  return { nodes: nodesOf(context, shown, degrees), edges };
}

/** An entity that stands for others is shown by its own name, or, when no document mentions it any longer, by that of the first of the others. */
function nodesOf(context: SqliteContext, shown: ReadonlyMap<number, string>, degrees: ReadonlyMap<string, number>): GraphNode[] {
  const standing = [...new Set(shown.values())];
  const sql = 'select entity_id, id, type, sense from entity where entity_id in (select value from json_each(?1)) or id in (select value from json_each(?2)) order by id';
  const rows = tuples<[entityId: string, id: number, type: string, sense: string | number]>(context, sql, JSON.stringify(standing), JSON.stringify([...shown.keys()]));
  const names = displayNames(context, rows.map(([, id]) => id));
  const nodes = new Map<string, GraphNode>();
  for (const [entityId, id, type, sense] of rows) {
    const standsFor = shown.get(id) ?? entityId;
    if (entityId === standsFor || !nodes.has(standsFor)) nodes.set(standsFor, { id: standsFor, name: names.get(id) ?? '', type, ...shownSense(sense), degree: degrees.get(standsFor) ?? 0 });
  }
  return standing.flatMap((id) => nodes.get(id) ?? []);
}

/** "0" is the sense of what has no other. */
function shownSense(sense: string | number): Pick<GraphNode, 'sense'> {
  return String(sense) === '0' ? {} : { sense: String(sense) };
}

function edgesAmong(context: SqliteContext, ids: readonly number[], shown: ReadonlyMap<number, string>): GraphEdge[] {
  // The plus keeps SQLite from looking up every pair of two of them in the index.
  const sql = `select r.id, r.source, r.target, r.type from relation r
    where r.source in (select value from json_each(?1)) and +r.target in (select value from json_each(?1)) order by r.relation_id`;
  const rows = all<RelationRow>(context, sql, JSON.stringify(ids));
  const relations = JSON.stringify(rows.map(({ id }) => id));
  const counts = 'select relation, count(*) from assertion where relation in (select value from json_each(?)) group by relation';
  const weights = new Map(tuples<[relation: number, weight: number]>(context, counts, relations));
  const evidence = evidenceOf(context, relations);
  const edges = rows.map(({ id, source, target, type }) => ({
    source: shown.get(source) ?? '',
    target: shown.get(target) ?? '',
    type,
    weight: weights.get(id) ?? 0,
    evidence: evidence.get(id) ?? [],
  }));
  return edges.sort((a, b) => b.weight - a.weight);
}

/** What asserts relations, of each the first by its document's name and its place in it. */
function evidenceOf(context: SqliteContext, relations: string): Map<number, Evidence[]> {
  const sql = `select relation, document_id, chunk_id from (
      select a.relation, d.document_id, p.chunk_id, row_number() over (partition by a.relation order by d.external_id, p.ordinal) as place
      from assertion a join passage p on p.id = a.passage join document d on d.id = p.document
      where a.relation in (select value from json_each(?)))
    where place <= ? order by relation, place`;
  const byRelation = new Map<number, Evidence[]>();
  for (const [relation, documentId, chunkId] of tuples<[number, string, string]>(context, sql, relations, EVIDENCE_LIMIT)) {
    const list = byRelation.get(relation) ?? [];
    byRelation.set(relation, list);
    list.push({ documentId, chunkId });
  }
  return byRelation;
}
