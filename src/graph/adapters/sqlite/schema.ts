import type { DatabaseSync } from 'node:sqlite';
import { reanalyse } from './reanalysis.ts';
import { OperationFault } from '../../../storage/sqlite/operation-fault.errors.ts';
import { renewTables } from './layout-2.migration.ts';

const VERSION = 2;

/*
 * One file a workspace. `passage` holds visible chunks only, with the text index over it; what is staged waits in `staged_chunk`,
 * where no search, count or statistic looks. `post` leads from a name to passages, `passage.names` holds the way back, packed;
 * `passage.terms` holds the stems of title and sentences by their keys in `term`.
 */
const LAYOUT = `
create table meta(key text primary key, value any) without rowid;
create table document(
  id integer primary key autoincrement, document_id text not null unique, external_id text not null unique, title text not null,
  media_type text not null, content_hash text not null, metadata text not null, original text not null, body text not null,
  original_blob text not null, body_blob text not null, dated text not null, created_at text not null, updated_at text not null,
  chunks integer not null);
create index document_original on document(original_blob);
create index document_body on document(body_blob);

create table staged_generation(
  id integer primary key autoincrement, generation_id text not null unique, document text not null, original_blob text not null,
  body_blob text not null, owner text not null, staged_at integer not null);
create table staged_chunk(
  generation integer not null, ordinal integer not null, chunk_id text not null, position text not null, title text, body text,
  blocks text, vector blob, extraction text, sentence_vectors blob, primary key(generation, ordinal));

create table passage(
  id integer primary key autoincrement, document integer not null, ordinal integer not null, chunk_id text not null unique,
  position text not null, names blob not null, terms blob not null, title text not null, body text not null, blocks text not null);
create index passage_document on passage(document, ordinal);
create virtual table passage_text using fts5(
  title, body, content = 'passage', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2');
insert into passage_text(passage_text, rank) values ('rank', 'bm25(2.0, 1.0)');

create table term(id integer primary key, term text not null unique, passages integer not null);
create table word(word text primary key, passages integer not null) without rowid;
create table irregular_word(word text not null, passage integer not null, primary key(word, passage)) without rowid;

create table name(
  id integer primary key autoincrement, norm text not null unique, titles integer not null default 0,
  mentions integer not null default 0, in_titles integer not null default 0, runs integer not null default 0, grams integer not null default 0,
  passages integer not null default 0);
create table post(name integer not null, kind integer not null, passage integer not null, primary key(name, kind, passage)) without rowid;

create table vector(passage integer primary key, value blob not null);
create table sentence_vector(passage integer primary key, value blob not null);

create table entity(id integer primary key autoincrement, entity_id text not null unique, norm text not null, type text not null, sense text not null);
create index entity_norm on entity(norm);
create table entity_alias(norm text not null, entity integer not null, passage integer not null, primary key(norm, entity, passage)) without rowid;
create index entity_alias_passage on entity_alias(passage);
create table mention(entity integer not null, passage integer not null, surface text not null, description text not null, primary key(entity, passage)) without rowid;
create index mention_passage on mention(passage);
create table relation(id integer primary key autoincrement, relation_id text not null, source integer not null, target integer not null, type text not null);
create unique index relation_key on relation(source, target, type);
create index relation_target on relation(target);
create table assertion(relation integer not null, passage integer not null, description text not null, primary key(relation, passage)) without rowid;
create index assertion_passage on assertion(passage);
create table merge(entity_id text primary key, into_id text not null) without rowid;

create table change(version integer not null, passage integer not null, added integer not null, primary key(version, passage, added)) without rowid;
insert into meta values ('index_version', 0), ('passages', 0), ('changes_from', 0), ('title_length', 0), ('body_length', 0);
`;

function versionOf(db: DatabaseSync): number {
  return (db.prepare('pragma user_version').get() as { user_version: number }).user_version;
}

/** Whether a file has the newest layout, so that a reader may look into it. */
export function isCurrent(db: DatabaseSync): boolean {
  return versionOf(db) >= VERSION;
}

/** Brings a workspace's file to the newest layout. */
export function migrate(db: DatabaseSync): void {
  const version = versionOf(db);
  if (version > VERSION) {
    throw new OperationFault('data-newer', `A workspace has layout ${String(version)}, this version of graphrag-chat knows ${String(VERSION)}.`);
  }
  if (version === VERSION) return;
  db.exec('begin immediate');
  // Another process may have made or changed the file between the look and the lock.
  const now = versionOf(db);
  if (now === 0) db.exec(LAYOUT);
  if (now === 1) {
    renewTables(db);
    reanalyse(db);
  }
  db.exec(`pragma user_version = ${String(VERSION)}; commit`);
}
