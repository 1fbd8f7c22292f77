import type { DatabaseSync } from 'node:sqlite';
import { packTerms } from './packed-terms.ts';

const TABLES = `
alter table term rename to old_term;
create table term(id integer primary key, term text not null unique, passages integer not null);
insert into term(term, passages) select term, passages from old_term;
drop table old_term;
create table new_passage(
  id integer primary key autoincrement, document integer not null, ordinal integer not null, chunk_id text not null unique,
  position text not null, names blob not null, terms blob not null, title text not null, body text not null, blocks text not null);
`;
const SWAP = `
drop table passage;
alter table new_passage rename to passage;
create index passage_document on passage(document, ordinal);
`;

interface OldPassage {
  readonly id: number;
  readonly title_terms: string;
  readonly sentences: string;
}

/** From layout 1 to 2: stems of passages as integers instead of text, and the lengths of titles and bodies counted. */
export function packStems(db: DatabaseSync): void {
  db.exec(TABLES);
  const ids = new Map((db.prepare('select term, id from term').all() as { term: string; id: number }[]).map((row) => [row.term, row.id]));
  const insert = db.prepare(`insert into new_passage select id, document, ordinal, chunk_id, position, names, ?, title, body, blocks
    from passage where id = ?`);
  const lengths = { title: 0, body: 0 };
  for (const row of db.prepare('select id, title_terms, sentences from passage').iterate()) {
    const { id, title_terms: title, sentences } = row as unknown as OldPassage;
    const lists = [title, ...sentences.split('\n')].map((line) => (line === '' ? [] : line.split(' ').map((term) => ids.get(term) ?? 0)));
    insert.run(packTerms(lists), id);
    lengths.title += lists[0]?.length ?? 0;
    lengths.body += lists.slice(1).reduce((sum, list) => sum + list.length, 0);
  }
  db.exec(SWAP);
  const meta = db.prepare('insert into meta values (?, ?)');
  meta.run('title_length', lengths.title);
  meta.run('body_length', lengths.body);
}
