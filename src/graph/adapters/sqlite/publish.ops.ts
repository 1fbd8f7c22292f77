import type { DocumentInput } from '../../graph.types.ts';
import { documentIdOf } from '../../ids.types.ts';
import { OperationFault } from '../../../storage/sqlite/operation-fault.errors.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { unreferencedBlobs } from './blob-references.ts';
import { PassageRows, type StagedRow } from './passage-rows.ts';
import { all, metaNumber, one, run, setMeta } from './rows.ts';

export { isCurrent, migrate } from './schema.ts';

export interface ChangeInput {
  readonly uid: string;
  readonly publish: readonly string[];
  readonly delete: readonly string[];
  /** ISO 8601. */
  readonly now: string;
}

/** What a change did, or that it is not done yet. */
export type ChangeStep =
  | { readonly done: false }
  | {
      readonly done: true;
      readonly added: readonly string[];
      readonly updated: readonly string[];
      readonly unchanged: readonly string[];
      readonly deleted: readonly string[];
      readonly releasedBlobs: readonly string[];
      readonly indexVersion: number;
    };

interface DocumentRow {
  readonly id: number;
  readonly content_hash: string;
  readonly original_blob: string;
  readonly body_blob: string;
}

/** How long a step keeps the thread before other files get their turn, in milliseconds. */
const STEP_MS = 60;
/** Passages of which the change log keeps a line. */
const CHANGE_LOG = 100_000;
const PENDING = 'change';

/**
 * Begins a change of what is visible: one transaction over several steps, so that a document of any size becomes visible at once
 * and the thread stays free for other files in between. The caller holds back other writes to this file until it is done.
 */
export function startChange(context: SqliteContext, input: ChangeInput): ChangeStep {
  context.db.exec('begin immediate');
  context.memory.set(PENDING, change(context, input));
  return continueChange(context);
}

/** The next step of the change under way. */
export function continueChange(context: SqliteContext): ChangeStep {
  const pending = context.memory.get(PENDING) as Generator<undefined, ChangeStep> | undefined;
  if (pending === undefined || !context.db.isTransaction) throw new OperationFault('change-lost', 'The change under way was interrupted.');
  const until = performance.now() + STEP_MS;
  try {
    for (;;) {
      const step = pending.next();
      if (step.done === true) {
        context.memory.delete(PENDING);
        return step.value;
      }
      if (performance.now() >= until) return { done: false };
    }
  } catch (error) {
    context.memory.delete(PENDING);
    throw error;
  }
}

function* change(context: SqliteContext, input: ChangeInput): Generator<undefined, ChangeStep> {
  const outcome = { added: [] as string[], updated: [] as string[], unchanged: [] as string[], deleted: [] as string[], blobs: [] as string[] };
  const rows = new PassageRows(context, input.uid);
  const lastOld = one<{ id: number | null }>(context, 'select max(id) as id from passage')?.id ?? 0;
  for (const documentId of input.delete) {
    if (yield* remove(context, rows, documentId, outcome.blobs)) outcome.deleted.push(documentId);
  }
  for (const generationId of input.publish) {
    const { kind, documentId } = yield* publish(context, rows, { generationId, input, blobs: outcome.blobs });
    outcome[kind].push(documentId);
  }
  yield* settle(rows, lastOld);
  const indexVersion = finish(context, rows);
  const releasedBlobs = unreferencedBlobs(context, outcome.blobs);
  context.db.exec('commit');
  return { done: true, ...outcome, releasedBlobs, indexVersion };
}

function* remove(context: SqliteContext, rows: PassageRows, documentId: string, blobs: string[]): Generator<undefined, boolean> {
  const document = one<DocumentRow>(context, 'select id, original_blob, body_blob from document where document_id = ?', documentId);
  if (document === undefined) return false;
  for (const { id } of all<{ id: number }>(context, 'select id from passage where document = ?', document.id)) {
    rows.remove(id);
    yield;
  }
  run(context, 'delete from document where id = ?', document.id);
  blobs.push(document.original_blob, document.body_blob);
  return true;
}

interface Outcome {
  readonly kind: 'added' | 'updated' | 'unchanged';
  readonly documentId: string;
}

function* publish(
  context: SqliteContext,
  rows: PassageRows,
  job: { readonly generationId: string; readonly input: ChangeInput; readonly blobs: string[] },
): Generator<undefined, Outcome> {
  const sql = 'select id, document from staged_generation where generation_id = ?';
  const staged = one<{ id: number; document: string }>(context, sql, job.generationId);
  if (staged === undefined) throw new OperationFault('generation-not-open', 'A document to publish was abandoned or swept.');
  const document = JSON.parse(staged.document) as DocumentInput;
  const documentId = documentIdOf(job.input.uid, document.externalId);
  const live = one<DocumentRow>(context, 'select id, content_hash, original_blob, body_blob from document where document_id = ?', documentId);
  if (live?.content_hash === document.contentHash) {
    // Someone else published the same content meanwhile.
    job.blobs.push(document.original.key, document.text.key);
    discard(context, staged.id);
    return { kind: 'unchanged', documentId };
  }
  if (live !== undefined) job.blobs.push(live.original_blob, live.body_blob);
  const id = writeDocument(context, document, { documentId, now: job.input.now, live });
  yield* replacePassages(context, rows, id, staged.id);
  discard(context, staged.id);
  return { kind: live === undefined ? 'added' : 'updated', documentId };
}

function discard(context: SqliteContext, generation: number): void {
  run(context, 'delete from staged_chunk where generation = ?', generation);
  run(context, 'delete from staged_generation where id = ?', generation);
}

function writeDocument(
  context: SqliteContext,
  document: DocumentInput,
  about: { readonly documentId: string; readonly now: string; readonly live: DocumentRow | undefined },
): number {
  const { date } = document.metadata;
  const dated = typeof date === 'string' && !Number.isNaN(Date.parse(date)) ? new Date(date).toISOString() : about.now;
  const shared = [
    document.title,
    document.mediaType,
    document.contentHash,
    JSON.stringify(document.metadata),
    JSON.stringify(document.original),
    JSON.stringify(document.text),
    document.original.key,
    document.text.key,
    dated,
    about.now,
  ];
  if (about.live !== undefined) {
    const sql = `update document set title = ?, media_type = ?, content_hash = ?, metadata = ?, original = ?, body = ?, original_blob = ?,
      body_blob = ?, dated = ?, updated_at = ? where id = ?`;
    run(context, sql, ...shared, about.live.id);
    return about.live.id;
  }
  const sql = `insert into document(title, media_type, content_hash, metadata, original, body, original_blob, body_blob, dated, updated_at,
    document_id, external_id, created_at, chunks) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`;
  return Number(context.sql(sql).run(...shared, about.documentId, document.externalId, about.now).lastInsertRowid);
}

/** Inserts new chunks, moves those that stay to their new place and removes those that are gone. */
function* replacePassages(context: SqliteContext, rows: PassageRows, document: number, generation: number): Generator<undefined, void> {
  const before = all<{ id: number; chunk_id: string }>(context, 'select id, chunk_id from passage where document = ?', document);
  const gone = new Map(before.map((row) => [row.chunk_id, row.id]));
  let count = 0;
  for (;;) {
    const row = one<StagedRow>(context, 'select * from staged_chunk where generation = ? and ordinal >= ? order by ordinal limit 1', generation, count);
    if (row === undefined) break;
    place(context, rows, { document, kept: gone.get(row.chunk_id), row });
    gone.delete(row.chunk_id);
    count = row.ordinal + 1;
    yield;
  }
  for (const id of gone.values()) {
    rows.remove(id);
    yield;
  }
  run(context, 'update document set chunks = (select count(*) from passage where document = ?1) where id = ?1', document);
}

function place(
  context: SqliteContext,
  rows: PassageRows,
  chunk: { readonly document: number; readonly kept: number | undefined; readonly row: StagedRow },
): void {
  const { kept, row } = chunk;
  if (kept !== undefined) {
    run(context, 'update passage set ordinal = ?, position = ? where id = ?', row.ordinal, row.position, kept);
    rows.extractAnew(kept, row);
  } else if (row.body === null) throw new OperationFault('generation-not-open', 'A chunk that was left out as known has gone meanwhile.');
  else rows.insert(chunk.document, row);
}

/** Settles which names are walk names, then mends each passage they concern once. */
function* settle(rows: PassageRows, lastOld: number): Generator<undefined, void> {
  const { became, ceased } = rows.names.settle();
  const stale = new Set([...rows.added, ...rows.renamed]);
  for (const name of became) {
    // In an empty index every passage is a new one.
    if (lastOld === 0) break;
    for (const passage of rows.names.suspects(name, lastOld)) stale.add(passage);
    yield;
  }
  for (const { id } of ceased) {
    for (const passage of rows.names.mentioning(id)) stale.add(passage);
    yield;
  }
  for (const passage of stale) {
    rows.names.recompute(passage);
    yield;
  }
}

function finish(context: SqliteContext, rows: PassageRows): number {
  const version = metaNumber(context, 'index_version') + 1;
  rows.names.close(version);
  rows.entities.prune();
  rows.frequencies.flush(context);
  rows.terms.flush();
  setMeta(context, 'index_version', version);
  setMeta(context, 'passages', metaNumber(context, 'passages') + rows.added.length - rows.removed.length);
  logChanges(context, rows, version);
  return version;
}

function logChanges(context: SqliteContext, rows: PassageRows, version: number): void {
  if (rows.added.length + rows.removed.length > CHANGE_LOG) {
    run(context, 'delete from change');
    setMeta(context, 'changes_from', version);
    return;
  }
  for (const passage of rows.added) run(context, 'insert into change values (?, ?, 1)', version, passage);
  for (const passage of rows.removed) run(context, 'insert into change values (?, ?, 0)', version, passage);
  const cut = one<{ version: number }>(context, 'select version from change order by version desc limit 1 offset ?', CHANGE_LOG)?.version;
  if (cut === undefined) return;
  run(context, 'delete from change where version <= ?', cut);
  setMeta(context, 'changes_from', cut);
}
