import type { BlobRange, ChunkPosition, DocumentRecord, Metadata, Passage, PassageFilter, PassageLabel, WorkspaceStats } from '../../graph.types.ts';
import type { IndexChanges } from '../../passage-index.port.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { surfacesOf } from './surfaces.ts';
import { all, metaNumber, one } from './rows.ts';

export { isCurrent, migrate } from './schema.ts';

interface PassageRow {
  readonly id: number;
  readonly chunk_id: string;
  readonly ordinal: number;
  readonly position: string;
  readonly title: string;
  readonly body: string;
  readonly document_id: string;
  readonly external_id: string;
  readonly document_title: string;
  readonly metadata: string;
}

const PASSAGE_SQL = `select p.id, p.chunk_id, p.ordinal, p.position, p.title, p.body, d.document_id, d.external_id,
  d.title as document_title, d.metadata from passage p join document d on d.id = p.document`;
const ENTITIES_PER_PASSAGE = 20;

export function passages(context: SqliteContext, input: { readonly keys: readonly number[] }): Passage[] {
  return passagesOf(context, input.keys.map((key) => one<PassageRow>(context, `${PASSAGE_SQL} where p.id = ?`, key)));
}

export function labels(context: SqliteContext, input: { readonly keys: readonly number[] }): [key: number, label: PassageLabel][] {
  return input.keys.flatMap((key) => {
    const row = one<PassageLabel>(context, 'select chunk_id as chunkId, title from passage where id = ?', key);
    return row === undefined ? [] : [[key, row] as [number, PassageLabel]];
  });
}

export function chunks(context: SqliteContext, input: { readonly chunkIds: readonly string[] }): Passage[] {
  return passagesOf(context, input.chunkIds.map((id) => one<PassageRow>(context, `${PASSAGE_SQL} where p.chunk_id = ?`, id)));
}

function passagesOf(context: SqliteContext, found: readonly (PassageRow | undefined)[]): Passage[] {
  const rows = found.filter((row) => row !== undefined);
  const entities = surfacesOf(context, rows.map((row) => row.id), ENTITIES_PER_PASSAGE);
  return rows.map((row) => passageOf(row, entities.get(row.id) ?? []));
}

function passageOf(row: PassageRow, entities: readonly string[]): Passage {
  return {
    ...(JSON.parse(row.position) as ChunkPosition),
    key: row.id,
    chunkId: row.chunk_id,
    documentId: row.document_id,
    externalId: row.external_id,
    documentTitle: row.document_title,
    title: row.title,
    text: row.body,
    ordinal: row.ordinal,
    metadata: JSON.parse(row.metadata) as Metadata,
    entities,
  };
}

interface DocumentRow {
  readonly id: number;
  readonly document_id: string;
  readonly external_id: string;
  readonly title: string;
  readonly media_type: string;
  readonly content_hash: string;
  readonly metadata: string;
  readonly original: string;
  readonly body: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly chunks: number;
}

function documentOf(row: DocumentRow): DocumentRecord {
  return {
    id: row.document_id,
    externalId: row.external_id,
    title: row.title,
    mediaType: row.media_type,
    contentHash: row.content_hash,
    metadata: JSON.parse(row.metadata) as Metadata,
    original: JSON.parse(row.original) as BlobRange,
    text: JSON.parse(row.body) as BlobRange,
    status: 'ready',
    chunks: row.chunks,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export interface DocumentsInput {
  /** External id behind which the page begins. */
  readonly after: string | undefined;
  readonly limit: number;
  readonly filter?: PassageFilter;
}

function namesDocuments(filter: PassageFilter | undefined): boolean {
  return filter?.documentIds !== undefined || filter?.externalIds !== undefined;
}

/** Documents behind an external id, by external id: where a filter names some, only these are read, not all there are. */
function documentRows(context: SqliteContext, { after = null, among }: { readonly after: string | null | undefined; readonly among: ReadonlySet<number> | undefined }): Iterable<DocumentRow> {
  const behind = '(external_id > ?1 or ?1 is null) order by external_id';
  if (among === undefined) return context.sql(`select * from document where ${behind}`).iterate(after) as Iterable<unknown> as Iterable<DocumentRow>;
  const sql = `select * from document where id in (select value from json_each(?2)) and ${behind}`;
  return context.sql(sql).iterate(after, JSON.stringify([...among])) as Iterable<unknown> as Iterable<DocumentRow>;
}

/** One page of documents, and one more if there is a further page. */
export function documents(context: SqliteContext, { after, limit, filter }: DocumentsInput): DocumentRecord[] {
  const allowed = allowedDocuments(context, filter);
  const rows: DocumentRow[] = [];
  for (const row of documentRows(context, { after, among: namesDocuments(filter) ? allowed : undefined })) {
    if (allowed === undefined || allowed.has(row.id)) rows.push(row);
    if (rows.length > limit) break;
  }
  return rows.map(documentOf);
}

export function document(context: SqliteContext, input: { readonly documentId: string }): DocumentRecord | undefined {
  const row = one<DocumentRow>(context, 'select * from document where document_id = ?', input.documentId);
  return row === undefined ? undefined : documentOf(row);
}

export function contentHashes(context: SqliteContext, input: { readonly externalIds: readonly string[] }): [externalId: string, hash: string][] {
  const statement = context.sql('select content_hash as hash from document where external_id = ?');
  return input.externalIds.flatMap((id) => {
    const row = statement.get(id) as { hash: string } | undefined;
    return row === undefined ? [] : [[id, row.hash] as [string, string]];
  });
}

export function changesSince(context: SqliteContext, input: { readonly indexVersion: number }): IndexChanges {
  const complete = input.indexVersion >= metaNumber(context, 'changes_from');
  const rows = complete
    ? all<{ passage: number; added: number }>(context, 'select passage, added from change where version > ? order by version', input.indexVersion)
    : [];
  const last = new Map(rows.map((row) => [row.passage, row.added]));
  const having = (added: number): Int32Array => Int32Array.from([...last].filter(([, flag]) => flag === added).map(([passage]) => passage));
  return { indexVersion: metaNumber(context, 'index_version'), complete, addedPassages: having(1), removedPassages: having(0) };
}

export function stats(context: SqliteContext): WorkspaceStats {
  const count = (table: string): number => one<{ n: number }>(context, `select count(*) as n from ${table}`)?.n ?? 0;
  const embedding = one<{ value: string }>(context, "select value from meta where key = 'embedding'")?.value;
  return {
    documents: count('document'),
    chunks: metaNumber(context, 'passages'),
    names: count('name'),
    entities: count('entity'),
    relations: count('relation'),
    indexVersion: metaNumber(context, 'index_version'),
    embedding: embedding === undefined ? undefined : (JSON.parse(embedding) as NonNullable<WorkspaceStats['embedding']>),
  };
}
