import type { DatabaseSync } from 'node:sqlite';

const TABLES = `
alter table name add column grams integer not null default 0;
drop table name_start;
drop table term;
create table term(id integer primary key, term text not null unique, passages integer not null);
create table new_passage(
  id integer primary key autoincrement, document integer not null, ordinal integer not null, chunk_id text not null unique,
  position text not null, names blob not null, terms blob not null, title text not null, body text not null, blocks text not null);
insert into new_passage select id, document, ordinal, chunk_id, position, x'', x'', title, body, blocks from passage;
drop table passage;
alter table new_passage rename to passage;
create index passage_document on passage(document, ordinal);
create table sentence_vector(passage integer primary key, value blob not null);
alter table staged_chunk add column sentence_vectors blob;
create table new_relation(id integer primary key autoincrement, relation_id text not null, source integer not null, target integer not null, type text not null);
insert into new_relation select id, relation_id, source, target, type from relation;
drop table relation;
alter table new_relation rename to relation;
create unique index relation_key on relation(source, target, type);
create index relation_target on relation(target);
insert into meta values ('title_length', 0), ('body_length', 0);
`;

/** From the tables of layout 1 to those of 2; what is derived from the passages' texts is left to be made anew. */
export function renewTables(db: DatabaseSync): void {
  db.exec(TABLES);
}
