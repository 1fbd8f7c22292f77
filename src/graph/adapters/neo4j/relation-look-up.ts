import type { RelationEnd, RelationEvidence, RelationFact, WorkspaceRef } from '../../graph.types.ts';
import type { RelationsQuery } from '../../knowledge-graph.port.ts';
import { endOfMerges } from '../../indexing/end-of-merges.ts';
import { type Merges, mergesFrom } from './merges.ts';
import { type Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import { storedNorm } from './workspace-names.ts';

const RELATIONS = `${WORKSPACE}CALL (w) {
  MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $passages
  MATCH (d:Document)-[:HAS]->(c)-[a:ASSERTS]->(r:Relation)
  WITH r, collect([c.key, d.id, c.id, a.description]) AS evidence ORDER BY size(evidence) DESC, r.id LIMIT $limit
  MATCH (s:Entity)<-[:SOURCE]-(r)-[:TARGET]->(t:Entity)
  RETURN collect([r.id, r.type, [s.id, s.norm], [t.id, t.norm], evidence]) AS relations
}
CALL (w) {
  MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $passages
  MATCH (c)-[m:MENTIONS]->(e:Entity) WITH e.id AS entity, m.surface AS surface, count(*) AS times
  RETURN collect([entity, surface, times]) AS surfaces
}
WITH w, relations, surfaces, [relation IN relations | relation[2][0]] + [relation IN relations | relation[3][0]] AS ends
${mergesFrom('ends')}RETURN relations, surfaces, merges`;

const ENDS = `${WORKSPACE}CALL (w) {
  UNWIND $entities AS id MATCH (e:Entity {id: id}) WHERE e.workspace = $workspace RETURN collect([e.id, e.norm]) AS norms
}
CALL (w) {
  UNWIND $entities AS id MATCH (e:Entity {id: id}) WHERE e.workspace = $workspace
  MATCH (a:Alias)-[:ALIAS_OF]->(e) WHERE a.norm IN $names OR a.norm IN $own
  WITH e.id AS entity, a.norm AS norm ORDER BY norm
  RETURN collect([entity, norm]) AS aliases
}
RETURN norms, aliases`;

type End = readonly [id: string, norm: string];
type Evidence = readonly [passage: number, documentId: string, chunkId: string, description: string];
type Relation = readonly [id: string, type: string, source: End, target: End, evidence: readonly Evidence[]];

interface RelationsRow {
  readonly relations: readonly Relation[];
  readonly surfaces: readonly (readonly [entity: string, surface: string, times: number])[];
  readonly merges: readonly (readonly [entity: string, into: string])[];
}

/** Relations asserted by passages, those asserted by more of them first: two statements, however many there are. */
export async function relationsOf(graph: Neo4jGraph, workspace: WorkspaceRef, query: RelationsQuery): Promise<RelationFact[]> {
  const row = await graph.look<RelationsRow>(workspace, RELATIONS, { passages: query.passages, limit: query.limit });
  if (row.relations.length === 0) return [];
  const endOf = await endsOf(graph, workspace, { query, row });
  const place = new Map(query.passages.map((passage, i) => [passage, i]));
  const sorted = row.relations.toSorted((a, b) => b[4].length - a[4].length || (a[0] < b[0] ? -1 : 1));
  return sorted.map(([id, type, source, target, evidence]) => ({
    id,
    type,
    source: endOf(source),
    target: endOf(target),
    evidence: evidence
      .toSorted((a, b) => (place.get(a[0]) ?? 0) - (place.get(b[0]) ?? 0))
      .map(([passage, documentId, chunkId, description]): RelationEvidence => ({ passage, documentId, chunkId, description })),
  }));
}

async function endsOf(graph: Neo4jGraph, workspace: WorkspaceRef, { query, row }: { readonly query: RelationsQuery; readonly row: RelationsRow }): Promise<(end: End) => RelationEnd> {
  const merges: Merges = new Map(row.merges);
  const given = row.relations.flatMap(([, , source, target]) => [source, target]);
  const entities = [...new Set(given.flatMap(([id]) => [id, endOfMerges(id, merges)]))];
  const parameters = { entities, names: query.names.map(storedNorm), own: [...new Set(given.map(([, norm]) => norm))] };
  const found = await graph.look<{ norms: End[]; aliases: End[] }>(workspace, ENDS, parameters);
  const norms = new Map(found.norms);
  const aliases = Map.groupBy(found.aliases, ([id]) => id);
  const surfaces = surfacesIn(row);
  return ([id, norm]) => {
    const shown = norms.has(endOfMerges(id, merges)) ? endOfMerges(id, merges) : id;
    const own = [norms.get(shown), norm].filter((each) => each !== undefined);
    const others = [shown, id].flatMap((each) => aliases.get(each) ?? []).map(([, alias]) => alias);
    return { name: surfaces.get(shown) ?? surfaces.get(id) ?? norm, norms: [...new Set([...own, ...others])] };
  };
}

/** How most of the passages write an entity's name, of equals the first by code unit. */
function surfacesIn({ surfaces }: RelationsRow): Map<string, string> {
  const rising = surfaces.toSorted((a, b) => a[2] - b[2] || (a[1] < b[1] ? 1 : -1));
  return new Map(rising.map(([entity, surface]) => [entity, surface]));
}
