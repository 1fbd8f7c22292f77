import { normalForm } from '../../../common/text/words.ts';
import type { GraphEdge, GraphNode, GraphPicture, WorkspaceRef } from '../../graph.types.ts';
import { endOfMerges } from '../../indexing/end-of-merges.ts';
import { familyOf, type Merges, mergesFrom } from './merges.ts';
import { type Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import { storedNorm } from './workspace-names.ts';

const EVIDENCE_LIMIT = 20;

const NAMED = `${WORKSPACE}CALL (w) {
  CALL (w) {
    MATCH (e:Entity) WHERE e.workspace = $workspace AND e.norm = $norm RETURN e
    UNION MATCH (a:Alias)-[:ALIAS_OF]->(e:Entity) WHERE a.workspace = $workspace AND a.norm = $norm RETURN e
  }
  WITH e ORDER BY e.id LIMIT $limit RETURN collect(e.id) AS ids
}
${familyOf('ids')}RETURN family AS ids`;
const CONNECTED = `${WORKSPACE}CALL (w) {
  MATCH (e:Entity) WHERE e.workspace = $workspace AND e.norm >= ''
  WITH e, COUNT { (e)-[:RELATED]-() } AS degree WHERE degree > 0
  WITH e ORDER BY degree DESC, e.id LIMIT $limit RETURN collect(e.id) AS ids
}
${familyOf('ids')}RETURN family AS ids`;
const NEIGHBOURS = `${WORKSPACE}CALL (w) {
  UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE e.workspace = $workspace
  MATCH (e)-[:RELATED]-(other:Entity) WHERE NOT other.id IN $reached
  WITH other, count(*) AS times ORDER BY times DESC, other.id LIMIT $limit RETURN collect(other.id) AS ids
}
${familyOf('ids')}RETURN [id IN family WHERE NOT id IN $reached] AS ids`;
const EDGES = `${WORKSPACE}CALL (w) {
  UNWIND $ids AS id MATCH (s:Entity {id: id}) WHERE s.workspace = $workspace
  MATCH (s)-[edge:RELATED]->(t:Entity) WHERE t.id IN $ids
  WITH s, t, edge ORDER BY edge.weight DESC, edge.relation
  CALL (edge) {
    MATCH (r:Relation {id: edge.relation})<-[:ASSERTS]-(c:Chunk)<-[:HAS]-(d:Document)
    WITH c, d ORDER BY d.externalId, c.ordinal LIMIT ${String(EVIDENCE_LIMIT)} RETURN collect({documentId: d.id, chunkId: c.id}) AS evidence
  }
  RETURN collect({source: s.id, target: t.id, type: edge.type, weight: edge.weight, evidence: evidence}) AS edges
}
WITH w, edges, $ids AS ids
${mergesFrom('ids')}RETURN edges, merges`;
/** An entity is shown by the form most passages use, of equals the first. */
const NODES = `${WORKSPACE}CALL (w) {
  UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE e.workspace = $workspace
  CALL (e) {
    MATCH (e)<-[m:MENTIONS]-() WITH m.surface AS surface, count(*) AS times ORDER BY times DESC, surface LIMIT 1
    RETURN collect(surface) AS surfaces
  }
  RETURN collect({id: e.id, type: e.type, sense: e.sense, name: coalesce(surfaces[0], '')}) AS nodes
}
RETURN nodes`;

/** What part of the graph is wanted. */
export interface PictureQuery {
  readonly entity?: string;
  readonly depth: number;
  readonly limit: number;
}

/** The surroundings of an entity, or the most connected part; nothing if there is no such entity. */
export async function neighbourhood(graph: Neo4jGraph, workspace: WorkspaceRef, { entity, depth, limit }: PictureQuery): Promise<GraphPicture | undefined> {
  const start =
    entity === undefined
      ? await graph.look<{ ids: string[] }>(workspace, CONNECTED, { limit })
      : await graph.look<{ ids: string[] }>(workspace, NAMED, { norm: storedNorm(normalForm(entity)), limit });
  if (start.ids.length === 0 && entity !== undefined) return undefined;
  const ids = await walkOut(graph, workspace, { start: start.ids, depth: entity === undefined ? 0 : depth, limit });
  return await picture(graph, workspace, ids);
}

async function walkOut(
  graph: Neo4jGraph,
  workspace: WorkspaceRef,
  { start, depth, limit }: { readonly start: readonly string[]; readonly depth: number; readonly limit: number },
): Promise<string[]> {
  const reached = new Set(start);
  let edge = start;
  for (let step = 0; step < depth && reached.size < limit && edge.length > 0; step += 1) {
    const next = await graph.look<{ ids: string[] }>(workspace, NEIGHBOURS, { ids: edge, reached: [...reached], limit: limit - reached.size });
    edge = next.ids;
    for (const id of edge) reached.add(id);
  }
  return [...reached];
}

async function picture(graph: Neo4jGraph, workspace: WorkspaceRef, ids: readonly string[]): Promise<GraphPicture> {
  const found = await graph.look<{ edges: GraphEdge[]; merges: (readonly [entity: string, into: string])[] }>(workspace, EDGES, { ids });
  const merges: Merges = new Map(found.merges);
  const edges = found.edges.map((edge) => ({ ...edge, source: endOfMerges(edge.source, merges), target: endOfMerges(edge.target, merges) }));
  const degrees = new Map<string, number>();
  for (const end of edges.flatMap(({ source, target }) => [source, target])) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  const shown = [...new Set(ids.map((id) => endOfMerges(id, merges)))];
  const { nodes } = await graph.look<{ nodes: Omit<GraphNode, 'degree'>[] }>(workspace, NODES, { ids: [...new Set([...shown, ...ids])] });
  const known = new Map<string, Omit<GraphNode, 'degree'>>();
  // One that stands for others and that no document mentions any longer is shown by the name of the first of them.
  for (const node of nodes) if (node.id === endOfMerges(node.id, merges) || !known.has(endOfMerges(node.id, merges))) known.set(endOfMerges(node.id, merges), node);
  return { nodes: shown.flatMap((id) => shownAs(id, { known: known.get(id), degree: degrees.get(id) ?? 0 })), edges };
}

function shownAs(id: string, { known, degree }: { readonly known: Omit<GraphNode, 'degree'> | undefined; readonly degree: number }): GraphNode[] {
  if (known === undefined) return [];
  const { sense, ...node } = known;
  // "0" is the sense of what has no other.
  return [{ ...node, ...(sense === undefined || sense === '0' ? {} : { sense }), id, degree }];
}
