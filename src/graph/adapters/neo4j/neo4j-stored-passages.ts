import { Injectable } from '@nestjs/common';
import type { ChunkPosition, EmbeddingSpace, WorkspaceRef } from '../../graph.types.ts';
import { type RenewedVectors, type StoredPage, type StoredPassage, StoredPassages } from '../../stored-passages.port.ts';
import { EmbeddingSpaces } from './embedding-spaces.ts';
import { LOCKED_WORKSPACE, Neo4jGraph, WORKSPACE } from './neo4j-graph.service.ts';
import { checkVectors } from './staging.ts';
import { dropVectorIndex } from './workspace-indexes.ts';
import { searchableLabel, workspaceLabel } from './workspace-names.ts';

interface Row {
  readonly key: number;
  readonly id: string;
  readonly documentId: string;
  readonly ordinal: number;
  readonly position: string;
  readonly title: string;
  readonly text: string;
  readonly blocks: string;
}

const FIELDS = 'c {.key, .id, .ordinal, .position, .title, .text, .blocks, documentId: d.id}';
const OF_DOCUMENT = 'MATCH (d:Document) WHERE d.workspace = $workspace AND d.key = c.document';
const ALL = `${WORKSPACE}CALL (w) {
  MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.key > $after WITH c ORDER BY c.key LIMIT $limit
  ${OF_DOCUMENT} RETURN collect(${FIELDS}) AS rows
}
RETURN rows`;
const ONE = `${WORKSPACE}CALL (w) {
  MATCH (d:Document {id: $documentId}) WHERE d.workspace = $workspace
  MATCH (c:Chunk) WHERE c.workspace = $workspace AND c.document = d.key AND c.ordinal > $after
  WITH c, d ORDER BY c.ordinal LIMIT $limit RETURN collect(${FIELDS}) AS rows
}
RETURN rows`;

/** Statements of one transaction each, so that no workspace is too large for it. */
const SOME = 2000;
const CLEAR = `${WORKSPACE}CALL (w) {
  MATCH (c:$($label)) WHERE c.vector IS NOT NULL AND NOT c:Sentence WITH c LIMIT $limit
  OPTIONAL MATCH (c)-[:SENTENCE]->(s) WITH c, collect(s) AS sentences
  FOREACH (s IN sentences | DETACH DELETE s) REMOVE c.vector RETURN count(c) AS cleared
}
RETURN cleared`;
const FORGET = `${LOCKED_WORKSPACE}SET w.vectors = 0, w.version = w.version + 1, w.changesFrom = w.version + 1, w.logged = 0, w.settled = w.version + 1
REMOVE w.embedding, w.dimensions WITH w
OPTIONAL MATCH (x:Change) WHERE x.workspace = $workspace DELETE x`;
const WRITE = `${LOCKED_WORKSPACE}UNWIND $rows AS row
MATCH (c:Chunk {id: row.id}) WHERE c.workspace = $workspace
OPTIONAL MATCH (c)-[:SENTENCE]->(old) WITH w, c, row, collect(old) AS olds, CASE WHEN c.vector IS NULL THEN 0 ELSE 1 END AS had
FOREACH (old IN olds | DETACH DELETE old)
WITH w, c, row, size(olds) + had AS before
CALL db.create.setNodeVectorProperty(c, 'vector', row.vector)
CALL (c, row) {
  UNWIND row.sentences AS vector
  CREATE (c)-[:SENTENCE]->(s:Sentence:$($label):$($searchable) {workspace: $workspace}) WITH s, vector
  CALL db.create.setNodeVectorProperty(s, 'vector', vector)
  RETURN count(*) AS made
}
WITH w, sum(1 + size(row.sentences) - before) AS more
SET w.vectors = coalesce(w.vectors, 0) + more, w.version = w.version + 1, w.changesFrom = w.version + 1, w.settled = w.version + 1`;

@Injectable()
export class Neo4jStoredPassages extends StoredPassages {
  constructor(private readonly graph: Neo4jGraph) {
    super();
  }

  override async page(workspace: WorkspaceRef, query: { readonly documentId?: string; readonly after?: number; readonly limit: number }): Promise<StoredPage> {
    const { documentId, after = -1, limit } = query;
    const [cypher, place] = documentId === undefined ? ([ALL, 'key'] as const) : ([ONE, 'ordinal'] as const);
    const { rows } = await this.graph.look<{ rows: Row[] }>(workspace, cypher, { after, limit: limit + 1, documentId: documentId ?? null });
    const shown = rows.slice(0, limit);
    const next = shown.at(-1)?.[place];
    return { passages: shown.map(passageOf), ...(rows.length > limit && next !== undefined ? { next } : {}) };
  }

  override async dropVectors(workspace: WorkspaceRef): Promise<void> {
    await dropVectorIndex(this.graph, workspace);
    for (;;) {
      const [row] = await this.graph.change<{ cleared: number }>(CLEAR, { workspace: workspace.uid, label: workspaceLabel(workspace.uid), limit: SOME });
      if ((row?.cleared ?? 0) === 0) break;
    }
    await this.graph.change(FORGET, { workspace: workspace.uid });
  }

  override async writeVectors(workspace: WorkspaceRef, vectors: readonly RenewedVectors[], space: EmbeddingSpace): Promise<void> {
    const spaces = new EmbeddingSpaces(this.graph);
    await spaces.fix(workspace, space);
    checkVectors(vectors, space.dimensions);
    const rows = vectors.flatMap(({ id, vector, sentenceVectors }) => (vector === undefined ? [] : [{ id, vector, sentences: parts(sentenceVectors, space.dimensions) }]));
    const labels = { label: workspaceLabel(workspace.uid), searchable: searchableLabel(workspace.uid) };
    if (rows.length > 0) await this.graph.change(WRITE, { workspace: workspace.uid, rows, ...labels });
  }
}

function passageOf({ documentId, ordinal, position, id, title, text, blocks }: Row): StoredPassage {
  return { documentId, ordinal, position: JSON.parse(position) as ChunkPosition, content: { id, title, text, blocks: JSON.parse(blocks) as number[] } };
}

function parts(all: Float32Array | undefined, dimensions: number): Float32Array[] {
  return Array.from({ length: (all?.length ?? 0) / dimensions }, (_, i) => (all ?? new Float32Array()).subarray(i * dimensions, (i + 1) * dimensions));
}
