import { analysePassage } from '../../../common/text/analysis.ts';
import type { Neo4jTransaction } from '../../../storage/neo4j/neo4j.types.ts';
import type { StagedChunk, WorkspaceRef } from '../../graph.types.ts';
import { dimensionMismatch, notOpen, workspaceGone } from './graph-faults.ts';
import type { HeldPassages } from './held-passages.ts';
import { WORKSPACE } from './neo4j-graph.service.ts';
import { termsOf } from './passage-terms.ts';
import { workspaceLabel } from './workspace-names.ts';

/** Chunks of one generation. */
export interface StagedPart {
  readonly generation: string;
  readonly chunks: readonly StagedChunk[];
}

/** Rows of one statement; more of them do not go faster. */
const ROWS = 1000;

/** A chunk that is staged a second time comes in a later batch; the last one counts. */
const NEXT_BATCH = `${WORKSPACE}UNWIND $batch.rows AS id
MATCH (g:Generation {id: id}) WHERE g.workspace = $workspace
SET g.batches = g.batches + 1
RETURN g.id AS id, g.batches AS batch`;

// Staged chunks have neither the label Chunk nor the searchable one: no search, count or statistic sees them.
const CREATE = 'UNWIND $batch.rows AS row CREATE (c:StagedChunk:$($label)) SET c = row.chunk';
const CREATE_WITH_VECTOR = `${CREATE} WITH c, row CALL db.create.setNodeVectorProperty(c, 'vector', row.vector)`;
const CREATE_WITH_SENTENCES = `${CREATE_WITH_VECTOR} WITH c, row UNWIND row.sentences AS vector
CREATE (c)-[:SENTENCE]->(s:Sentence:$($label) {workspace: $workspace}) WITH s, vector
CALL db.create.setNodeVectorProperty(s, 'vector', vector)`;

interface StagedRow {
  readonly chunk: Readonly<Record<string, unknown>>;
  readonly vector: Float32Array | undefined;
  readonly sentences: readonly Float32Array[];
}

/** Writes chunks of open generations, hidden. */
export async function stage(
  transaction: Neo4jTransaction,
  workspace: WorkspaceRef,
  { parts, dimensions, held }: { readonly parts: readonly StagedPart[]; readonly dimensions: number; readonly held: HeldPassages },
): Promise<void> {
  const batches = await nextBatches(transaction, workspace, parts);
  const rows = parts.flatMap(({ generation, chunks }) => {
    const place = { workspace: workspace.uid, generation, batch: batches.get(generation) ?? 0 };
    return chunks.map((chunk) => stagedRow(chunk, place, { dimensions, held }));
  });
  const kinds: readonly (readonly [string, StagedRow[]])[] = [
    [CREATE, rows.filter(({ vector }) => vector === undefined)],
    [CREATE_WITH_VECTOR, rows.filter(({ vector, sentences }) => vector !== undefined && sentences.length === 0)],
    [CREATE_WITH_SENTENCES, rows.filter(({ vector, sentences }) => vector !== undefined && sentences.length > 0)],
  ];
  for (const [cypher, list] of kinds) {
    for (let i = 0; i < list.length; i += ROWS) {
      await transaction.run(cypher, { batch: { rows: list.slice(i, i + ROWS) }, label: workspaceLabel(workspace.uid), workspace: workspace.uid });
    }
  }
}

async function nextBatches(transaction: Neo4jTransaction, workspace: WorkspaceRef, parts: readonly StagedPart[]): Promise<Map<string, number>> {
  // In one order, so that two who stage do not wait for each other in a circle.
  const generations = [...new Set(parts.map(({ generation }) => generation))].sort();
  const open = await transaction.run<{ id: string; batch: number }>(NEXT_BATCH, { batch: { rows: generations }, workspace: workspace.uid });
  if (open.length < generations.length) {
    const there = await transaction.run(`${WORKSPACE}RETURN w.uid`, { workspace: workspace.uid });
    throw there.length === 0 ? workspaceGone(workspace) : notOpen('The document to write to was published, abandoned or swept.');
  }
  return new Map(open.map(({ id, batch }) => [id, batch]));
}

function stagedRow(
  chunk: StagedChunk,
  place: { readonly generation: string; readonly batch: number; readonly workspace: string },
  { dimensions, held }: { readonly dimensions: number; readonly held: HeldPassages },
): StagedRow {
  const { id, ordinal, content, extraction } = chunk;
  const shared = { ...place, id, ordinal, position: JSON.stringify(chunk.position) };
  if (content === undefined) return { chunk: shared, vector: undefined, sentences: [] };
  const analysis = analysePassage(content.title, content.text, content.blocks);
  held.keep(place.generation, ordinal, { analysis, extraction });
  return {
    chunk: {
      ...shared,
      title: content.title,
      text: content.text,
      blocks: JSON.stringify(content.blocks),
      titleNorm: analysis.titleNorm,
      ...termsOf(analysis),
      ...(extraction === undefined ? {} : { extraction: JSON.stringify(extraction) }),
    },
    vector: chunk.vector,
    sentences: sentenceVectors(chunk, dimensions),
  };
}

function sentenceVectors({ vector, sentenceVectors: all }: StagedChunk, dimensions: number): Float32Array[] {
  if (vector === undefined || all === undefined) return [];
  return Array.from({ length: all.length / dimensions }, (_, i) => all.subarray(i * dimensions, (i + 1) * dimensions));
}

/** @throws GraphError `embedding-dimension-mismatch` unless all vectors have the workspace's dimensions */
export function checkVectors(chunks: Iterable<Pick<StagedChunk, 'vector' | 'sentenceVectors'>>, dimensions: number): void {
  for (const { vector, sentenceVectors: sentences } of chunks) {
    if (vector !== undefined && vector.length !== dimensions) {
      throw dimensionMismatch(`A vector has ${String(vector.length)} dimensions, the workspace has ${String(dimensions)}.`);
    }
    if ((sentences?.length ?? 0) % Math.max(1, dimensions) !== 0) {
      throw dimensionMismatch(`Vectors of sentences do not have the workspace's ${String(dimensions)} dimensions.`);
    }
  }
}
