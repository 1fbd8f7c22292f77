import type { DocumentInput, StagedChunk } from '../../graph.types.ts';
import { documentIdOf } from '../../ids.types.ts';
import { OperationFault } from '../../../storage/sqlite/operation-fault.errors.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { packVectors } from './quantised-vectors.ts';
import { all, metaNumber, one, run, setMeta, transaction } from './rows.ts';
import { unreferencedBlobs } from './blob-references.ts';

export { isCurrent, migrate } from './schema.ts';

export interface BeginInput {
  readonly uid: string;
  readonly documents: readonly (DocumentInput & { readonly generationId: string })[];
  readonly owner: string;
  readonly now: number;
}

/** Opens generations; for each document whether it is new to the store or unchanged. */
export function begin(context: SqliteContext, input: BeginInput): ('open' | 'unchanged')[] {
  return transaction(context, () =>
    input.documents.map((document) => {
      const sql = 'select content_hash from document where document_id = ?';
      const live = one<{ content_hash: string }>(context, sql, documentIdOf(input.uid, document.externalId));
      if (live?.content_hash === document.contentHash) return 'unchanged';
      run(
        context,
        'insert into staged_generation(generation_id, document, original_blob, body_blob, owner, staged_at) values (?, ?, ?, ?, ?, ?)',
        document.generationId,
        JSON.stringify(document),
        document.original.key,
        document.text.key,
        input.owner,
        input.now,
      );
      return 'open';
    }),
  );
}

/** Of the given chunk ids those that are visible. */
export function known(context: SqliteContext, input: { readonly chunkIds: readonly string[] }): string[] {
  const statement = context.sql('select 1 from passage where chunk_id = ?');
  return input.chunkIds.filter((id) => statement.get(id) !== undefined);
}

export interface WriteBatchInput {
  readonly batches: readonly { readonly generationId: string; readonly chunks: readonly StagedChunk[] }[];
  readonly space?: { readonly modelId: string; readonly dimensions: number; readonly semantic: boolean };
}

export function writeBatch(context: SqliteContext, input: WriteBatchInput): void {
  transaction(context, () => {
    if (input.space !== undefined) fixSpace(context, input.space);
    const dimensions = metaNumber(context, 'dimensions');
    for (const batch of input.batches) {
      const generation = generationRow(context, batch.generationId);
      for (const chunk of batch.chunks) stageChunk(context, generation, chunk, dimensions);
    }
  });
}

function generationRow(context: SqliteContext, generationId: string): number {
  const row = one<{ id: number }>(context, 'select id from staged_generation where generation_id = ?', generationId);
  if (row === undefined) throw new OperationFault('generation-not-open', 'The document to write to was published, abandoned or swept.');
  return row.id;
}

/** @throws OperationFault `embedding-dimension-mismatch` when the vectors of the workspace were made with something else */
export function fixSpace(context: SqliteContext, space: { modelId: string; dimensions: number; semantic: boolean }): void {
  const known = one<{ value: string }>(context, "select value from meta where key = 'embedding'")?.value;
  if (known === undefined) {
    setMeta(context, 'embedding', JSON.stringify(space));
    setMeta(context, 'dimensions', space.dimensions);
    return;
  }
  const { modelId, dimensions } = JSON.parse(known) as { modelId: string; dimensions: number };
  if (modelId === space.modelId && dimensions === space.dimensions) return;
  throw new OperationFault(
    'embedding-dimension-mismatch',
    `The workspace's vectors are of ${modelId} (${String(dimensions)} dimensions), these are of ${space.modelId} (${String(space.dimensions)}).`,
  );
}

/** @throws OperationFault `embedding-dimension-mismatch` */
export function checkVectors(chunk: Pick<StagedChunk, 'vector' | 'sentenceVectors'>, dimensions: number): void {
  if (chunk.vector !== undefined && chunk.vector.length !== dimensions) {
    throw new OperationFault('embedding-dimension-mismatch', `A vector has ${String(chunk.vector.length)} dimensions, the workspace has ${String(dimensions)}.`);
  }
  if ((chunk.sentenceVectors?.length ?? 0) % Math.max(1, dimensions) !== 0) {
    throw new OperationFault('embedding-dimension-mismatch', `Vectors of sentences do not have the workspace's ${String(dimensions)} dimensions.`);
  }
}

function stageChunk(context: SqliteContext, generation: number, chunk: StagedChunk, dimensions: number): void {
  checkVectors(chunk, dimensions);
  const place = [generation, chunk.ordinal, chunk.id, JSON.stringify(chunk.position)];
  const sql = `insert or replace into staged_chunk(generation, ordinal, chunk_id, position, title, body, blocks, vector, extraction, sentence_vectors)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  run(context, sql, ...place, ...contentColumns(chunk, dimensions));
}

function contentColumns({ content, vector, extraction, sentenceVectors }: StagedChunk, dimensions: number): (string | Uint8Array | null)[] {
  if (content === undefined) return [null, null, null, null, null, null];
  return [
    content.title,
    content.text,
    JSON.stringify(content.blocks),
    vector === undefined ? null : new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength),
    extraction === undefined ? null : JSON.stringify(extraction),
    sentenceVectors === undefined || sentenceVectors.length === 0 ? null : packVectors(sentenceVectors, dimensions),
  ];
}

/** Replaces what a staged generation says of its document. */
export function amend(context: SqliteContext, input: { readonly generationId: string; readonly document: DocumentInput }): void {
  transaction(context, () => {
    const id = generationRow(context, input.generationId);
    const { original, text } = input.document;
    const sql = 'update staged_generation set document = ?, original_blob = ?, body_blob = ? where id = ?';
    run(context, sql, JSON.stringify({ ...input.document, generationId: input.generationId }), original.key, text.key, id);
  });
}

/** Forgets staged generations; returns the blobs nothing refers to any longer. */
export function abandon(context: SqliteContext, input: { readonly generationIds: readonly string[] }): string[] {
  return transaction(context, () => {
    const keys = input.generationIds.flatMap((id) => forget(context, id));
    return unreferencedBlobs(context, keys);
  });
}

function forget(context: SqliteContext, generationId: string): string[] {
  const sql = 'delete from staged_generation where generation_id = ? returning id, original_blob, body_blob';
  const row = one<{ id: number; original_blob: string; body_blob: string }>(context, sql, generationId);
  if (row === undefined) return [];
  run(context, 'delete from staged_chunk where generation = ?', row.id);
  return [row.original_blob, row.body_blob];
}

/** Every staged generation with the process that staged it. */
export function stagedOwners(context: SqliteContext): { generationId: string; owner: string; stagedAt: number }[] {
  return all(context, 'select generation_id as generationId, owner, staged_at as stagedAt from staged_generation');
}

/** Of the given blobs those that a visible or staged document refers to. */
export function blobsInUse(context: SqliteContext, input: { readonly keys: readonly string[] }): string[] {
  const free = new Set(unreferencedBlobs(context, input.keys));
  return input.keys.filter((key) => !free.has(key));
}

