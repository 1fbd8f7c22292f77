import type { ChangeScope } from './change-scope.ts';
import type { StoredBytes } from './bytes.ts';
import { searchableLabel } from './workspace-names.ts';

/** A chunk as it was staged. */
export interface StagedChunkRow {
  readonly generation: string;
  readonly ordinal: number;
  readonly batch: number;
  readonly id: string;
  readonly node: string;
  readonly hasContent: boolean;
  /** Vectors of it and of its sentences. */
  readonly vectors: number;
}

/** What was staged of a chunk, in full. */
export interface StagedContent {
  readonly node: string;
  readonly title: string;
  readonly text: string;
  readonly blocks: string;
  readonly extraction: string | null;
}

/** A visible chunk as a change reads it. */
export interface ChunkRow {
  readonly key: number;
  readonly links: StoredBytes | null;
  readonly title: string;
  readonly text: string;
  readonly blocks: string;
  readonly titleStems: string;
  readonly bodyStems: string;
  readonly vectors: number;
}

const VECTORS = 'CASE WHEN c.vector IS NULL THEN 0 ELSE 1 + COUNT { (c)-[:SENTENCE]->() } END AS vectors';
const STAGED = `UNWIND $batch.rows AS id MATCH (c:StagedChunk) WHERE c.generation = id AND c.workspace = $workspace
RETURN c.generation AS generation, c.ordinal AS ordinal, c.batch AS batch, c.id AS id, elementId(c) AS node, c.text IS NOT NULL AS hasContent, ${VECTORS}`;
const CONTENTS = `UNWIND $batch.rows AS node MATCH (c:StagedChunk) WHERE elementId(c) = node AND c.text IS NOT NULL
RETURN node, c.title AS title, c.text AS text, c.blocks AS blocks, c.extraction AS extraction`;
const OF_DOCUMENTS = 'UNWIND $batch.rows AS document MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.document = document RETURN document, c.id AS id, c.key AS key';
const BY_KEY = `UNWIND $batch.rows AS key MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = key
RETURN c.key AS key, c.links AS links, c.title AS title, c.text AS text, c.blocks AS blocks, c.titleStems AS titleStems, c.bodyStems AS bodyStems, ${VECTORS}`;

// From here on searches see it; the indexes of the workspace take it in when the transaction is committed.
const PLACE = `UNWIND $batch.rows AS row MATCH (c:StagedChunk) WHERE elementId(c) = row.node
MATCH (d:Document {id: row.documentId})
REMOVE c:StagedChunk SET c:Chunk:$($searchable)
SET c.key = row.key, c.document = row.document, c.tie = row.tie, c.links = row.links, c.generation = null, c.batch = null, c.extraction = null
CREATE (d)-[:HAS]->(c)`;
const PLACE_SENTENCES = 'UNWIND $batch.rows AS key MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = key MATCH (c)-[:SENTENCE]->(s) SET s:$($searchable)';
const MOVE = `UNWIND $batch.rows AS row MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = row.key
MATCH (staged:StagedChunk) WHERE elementId(staged) = row.node
SET c.ordinal = staged.ordinal, c.position = staged.position, c.tie = row.tie`;
const RELINK = 'UNWIND $batch.rows AS row MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = row.key SET c.links = row.links';
const REMOVE = `UNWIND $batch.rows AS key MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key = key
OPTIONAL MATCH (c)-[:SENTENCE]->(s) DETACH DELETE s, c`;

/** The staged chunks of generations, each place once, in order; and how many nodes each generation has, those counted that were staged again. */
export async function stagedChunks(scope: ChangeScope, generations: readonly string[]): Promise<{ readonly chunks: StagedChunkRow[]; readonly nodes: ReadonlyMap<string, number> }> {
  const rows = (await scope.each<StagedChunkRow>(STAGED, generations)).sort((a, b) => a.batch - b.batch);
  const last = new Map(rows.map((row) => [`${row.generation} ${String(row.ordinal)}`, row]));
  const nodes = new Map<string, number>();
  for (const { generation } of rows) nodes.set(generation, (nodes.get(generation) ?? 0) + 1);
  return { chunks: [...last.values()].sort((a, b) => a.ordinal - b.ordinal), nodes };
}

export async function stagedContents(scope: ChangeScope, nodes: readonly string[]): Promise<Map<string, StagedContent>> {
  return new Map((await scope.each<StagedContent>(CONTENTS, nodes)).map((row) => [row.node, row]));
}

/** The visible chunks of documents, given by key. */
export async function chunksOf(scope: ChangeScope, documents: readonly number[]): Promise<{ document: number; id: string; key: number }[]> {
  return await scope.each(OF_DOCUMENTS, documents);
}

export async function chunkRows(scope: ChangeScope, keys: Iterable<number>): Promise<ChunkRow[]> {
  return await scope.each<ChunkRow>(BY_KEY, [...keys]);
}

/** A staged chunk that becomes visible. */
export interface PlacedChunk {
  readonly node: string;
  readonly key: number;
  readonly document: number;
  readonly documentId: string;
  readonly tie: string;
  readonly links: StoredBytes;
  readonly vectors: number;
}

export function placeChunks(scope: ChangeScope, chunks: readonly PlacedChunk[]): void {
  const searchable = searchableLabel(scope.workspace);
  scope.send(PLACE, chunks, { searchable });
  scope.send(PLACE_SENTENCES, chunks.filter(({ vectors }) => vectors > 1).map(({ key }) => key), { searchable });
}

/** Visible chunks take the place of those that were staged as the same. */
export function moveChunks(scope: ChangeScope, rows: readonly { readonly key: number; readonly node: string; readonly tie: string }[]): void {
  scope.send(MOVE, rows);
}

export function relinkChunks(scope: ChangeScope, rows: readonly { readonly key: number; readonly links: StoredBytes }[]): void {
  scope.send(RELINK, rows);
}

export function removeChunks(scope: ChangeScope, keys: readonly number[]): void {
  scope.send(REMOVE, keys);
}
