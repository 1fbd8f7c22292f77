import type { ChunkPosition, EmbeddingSpace } from '../../graph.types.ts';
import type { RenewedVectors, StoredPage } from '../../stored-passages.port.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { packVectors } from './quantised-vectors.ts';
import { all, metaNumber, one, run, setMeta, transaction } from './rows.ts';
import { checkVectors, fixSpace } from './stage.ops.ts';

export { isCurrent, migrate } from './schema.ts';

interface Row {
  readonly id: number;
  readonly chunk_id: string;
  readonly ordinal: number;
  readonly position: string;
  readonly title: string;
  readonly body: string;
  readonly blocks: string;
  readonly document_id: string;
}

const ROWS = `select p.id, p.chunk_id, p.ordinal, p.position, p.title, p.body, p.blocks, d.document_id
  from passage p join document d on d.id = p.document`;

export function page(context: SqliteContext, input: { readonly documentId?: string; readonly after?: number; readonly limit: number }): StoredPage {
  const { documentId, after = -1, limit } = input;
  const rows =
    documentId === undefined
      ? all<Row>(context, `${ROWS} where p.id > ? order by p.id limit ?`, after, limit + 1)
      : all<Row>(context, `${ROWS} where d.document_id = ? and p.ordinal > ? order by p.ordinal limit ?`, documentId, after, limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = documentId === undefined ? last?.id : last?.ordinal;
  const passages = shown.map((row) => ({
    documentId: row.document_id,
    ordinal: row.ordinal,
    position: JSON.parse(row.position) as ChunkPosition,
    content: { id: row.chunk_id, title: row.title, text: row.body, blocks: JSON.parse(row.blocks) as number[] },
  }));
  return { passages, ...(rows.length > limit && next !== undefined ? { next } : {}) };
}

export function dropVectors(context: SqliteContext): void {
  transaction(context, () => {
    for (const table of ['vector', 'sentence_vector']) run(context, `delete from ${table}`);
    run(context, 'update staged_chunk set vector = null, sentence_vectors = null');
    run(context, "delete from meta where key in ('embedding', 'dimensions')");
    beginAnew(context);
  });
}

export function writeVectors(context: SqliteContext, input: { readonly vectors: readonly RenewedVectors[]; readonly space: EmbeddingSpace }): void {
  transaction(context, () => {
    fixSpace(context, input.space);
    const dimensions = metaNumber(context, 'dimensions');
    for (const each of input.vectors) writeOne(context, each, dimensions);
    beginAnew(context);
  });
}

function writeOne(context: SqliteContext, renewed: RenewedVectors, dimensions: number): void {
  const { id, vector, sentenceVectors } = renewed;
  checkVectors(renewed, dimensions);
  const passage = one<{ id: number }>(context, 'select id from passage where chunk_id = ?', id)?.id;
  if (passage === undefined || vector === undefined) return;
  run(context, 'insert or replace into vector values (?, ?)', passage, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  run(context, 'delete from sentence_vector where passage = ?', passage);
  if (sentenceVectors !== undefined && sentenceVectors.length > 0) run(context, 'insert into sentence_vector values (?, ?)', passage, packVectors(sentenceVectors, dimensions));
}

/** Vectors changed under passages that stayed: whoever holds some reads all of them again. */
function beginAnew(context: SqliteContext): void {
  const version = metaNumber(context, 'index_version') + 1;
  setMeta(context, 'index_version', version);
  setMeta(context, 'changes_from', version);
  run(context, 'delete from change');
}
