import type { WorkspaceRef } from '../../graph.types.ts';
import type { VectorQuery } from '../../passage-index.port.ts';
import type { VectorHits } from '../../retrieval-columns.types.ts';
import { allowedDocuments } from './allowed-documents.ts';
import { dimensionMismatch } from './graph-faults.ts';
import { type Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import { type AllowedDocuments, RunMemory } from './run-memory.ts';
import { vectorIndexName } from './workspace-names.ts';

/** So many passages or vectors are compared one by one; of more the index, which rounds, proposes the nearest. */
const COMPARED = 2000;
/** Vectors the index is asked for at least, and at most under a filter; the stored ones decide. */
const LEAST_PROPOSED = 200;
const MOST_PROPOSED = 5000;

/** (Its own cosine + the greatest of its sentences') / 2, its own again where it has no sentence vectors. */
const SCORE = `vector.similarity.cosine(c.vector, $vector) - 1 + reduce(best = vector.similarity.cosine(c.vector, $vector) - 2 * COUNT { (c)-[:SENTENCE]->() },
  near IN [(c)-[:SENTENCE]->(s) | vector.similarity.cosine(s.vector, $vector)] | CASE WHEN near > best THEN near ELSE best END)`;

/** All passages with a vector, compared one by one; those of a filter; what the index proposes. */
const EACH = 'MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key >= 0 AND c.vector IS NOT NULL RETURN c';
const EACH_ALLOWED = 'MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.document IN $allowed AND c.vector IS NOT NULL RETURN c';
const PROPOSE = `CALL db.index.vector.queryNodes($index, toInteger($proposed * toFloat(w.vectors) / w.passages), $vector) YIELD node
  RETURN coalesce(head([(node)<-[:SENTENCE]-(p) | p]), node) AS c`;

const search = (candidates: string): string => `${WORKSPACE}CALL (w) {
  WITH w WHERE w.dimensions = size($vector)
  CALL (w) { ${candidates} }
  WITH c, ${SCORE} AS score ORDER BY score DESC, size(c.tie), c.tie LIMIT $k
  WITH c, score, c.key IN $known AS isKnown
  RETURN collect([c.key, score, c.tie, CASE WHEN isKnown THEN null ELSE c.titleStems END, CASE WHEN isKnown THEN null ELSE c.bodyStems END]) AS hits
}
CALL (w) {
  WITH w WHERE w.dimensions = size($vector)
  MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key IN $also AND c.vector IS NOT NULL
  RETURN collect([c.key, ${SCORE}]) AS scores
}
RETURN w.dimensions AS dimensions, hits, scores`;

const OPEN = search(`WITH w WHERE w.vectors <= $compared ${EACH} UNION WITH w WHERE w.vectors > $compared ${PROPOSE}`);
const FEW_ALLOWED = search(EACH_ALLOWED);
const MANY_ALLOWED = search(`WITH w CALL (w) { ${PROPOSE} } WITH c WHERE c.document IN $allowed RETURN DISTINCT c`);

type Hit = readonly [key: number, score: number, tie: string, titleStems: string | null, bodyStems: string | null];

interface VectorRow {
  readonly dimensions: number | null;
  readonly hits: readonly Hit[];
  readonly scores: readonly (readonly [key: number, score: number])[];
}

/** The nearest passages by the vectors that are stored, and the scores of others that are asked for too. */
export async function searchVectors(
  graph: Neo4jGraph,
  workspace: WorkspaceRef,
  { query, memory, signal }: { readonly query: VectorQuery; readonly memory: RunMemory; readonly signal: AbortSignal | undefined },
): Promise<VectorHits> {
  const { vector, also = [] } = query;
  const allowed = await allowedDocuments(graph, workspace, { filter: query.filter, memory, signal });
  const known = also.filter((key) => memory.termsOf(key) !== undefined);
  const parameters = { vector, also, known, k: query.k, compared: COMPARED, index: vectorIndexName(workspace.uid), proposed: Math.max(LEAST_PROPOSED, query.k * 2) };
  const look = (cypher: string, more: Readonly<Record<string, unknown>> = {}): Promise<VectorRow> => graph.look<VectorRow>(workspace, cypher, { ...parameters, ...more }, signal);
  const row = allowed === undefined ? await look(OPEN) : await withinAllowed(look, allowed, query.k);
  checkDimensions(row.dimensions, vector);
  remember(workspace, row, memory);
  const scores = new Map(row.scores);
  return {
    passages: Int32Array.from(row.hits, ([key]) => key),
    scores: Float64Array.from(row.hits, ([, score]) => score),
    alsoScores: Float64Array.from(also, (key) => scores.get(key) ?? Number.NaN),
  };
}

/** The scores of passages, as `searchVectors` has them; NaN where there is no vector. */
export async function similarities(graph: Neo4jGraph, workspace: WorkspaceRef, { vector, passages }: { readonly vector: Float32Array; readonly passages: readonly number[] }): Promise<Float64Array> {
  return (await searchVectors(graph, workspace, { query: { vector, k: 0, also: passages, filter: { documentIds: [] } }, memory: new RunMemory(), signal: undefined })).alsoScores;
}

type Look = (cypher: string, more?: Readonly<Record<string, unknown>>) => Promise<VectorRow>;

/** Many documents are proposed by the index, more of them the fewer are allowed; where that does not give k, each is compared. */
async function withinAllowed(look: Look, { keys: allowed, chunks }: AllowedDocuments, k: number): Promise<VectorRow> {
  if (chunks <= COMPARED) return await look(FEW_ALLOWED, { allowed });
  const row = await look(MANY_ALLOWED, { allowed, proposed: MOST_PROPOSED });
  return row.hits.length >= k ? row : await look(FEW_ALLOWED, { allowed });
}

function checkDimensions(dimensions: number | null, vector: Float32Array): void {
  if (dimensions === null || dimensions === vector.length) return;
  throw dimensionMismatch(`The question's vector has ${String(vector.length)} dimensions, the workspace has ${String(dimensions)}.`);
}

function remember(workspace: WorkspaceRef, { hits }: VectorRow, memory: RunMemory): void {
  memory.setTies(hits.map(([key, , tie]) => [key, tie]));
  for (const [key, , , titleStems, bodyStems] of hits) {
    if (titleStems === null || bodyStems === null) continue;
    memory.terms.set(key, memory.stems.packed(workspace.uid, key, { titleStems, bodyStems }));
  }
}
