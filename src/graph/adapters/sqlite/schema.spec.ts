import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '../../../../test/fakes/temporary-folder.ts';
import { publishAll, sqliteStack } from '../../../../test/fixtures/graph-stack.ts';
import { migrate } from './schema.ts';

const DOCUMENTS = [
  { id: '1', title: 'Anna Berger', texts: ["Anna Berger met O'Brien in Zürich."] },
  { id: '2', title: "O'Brien", texts: ["O'Brien wrote of Anna Berger. 我在北京大学学习。"] },
];

/** All that is derived from the texts. */
function derived(db: DatabaseSync): unknown {
  const rows = (sql: string): unknown[] => db.prepare(sql).all();
  return {
    names: rows('select norm, titles, mentions, in_titles, runs, grams, passages from name order by norm'),
    posts: rows('select n.norm, p.kind, p.passage from post p join name n on n.id = p.name order by 1, 2, 3'),
    words: rows('select * from word order by word'),
    terms: rows('select term, passages from term order by term'),
    lengths: rows("select * from meta where key like '%_length' order by key"),
    irregular: rows('select * from irregular_word order by 1, 2'),
    found: rows("select rowid from passage_text where passage_text match '\"北京 京大\"'"),
  };
}

describe('migrate', () => {
  it('brings a file of layout 1 to the newest with all that is derived from its texts', async () => {
    const folder = await temporaryFolder();
    const stack = sqliteStack(folder.path);
    const workspace = await stack.workspace();
    await publishAll(stack, workspace, DOCUMENTS);
    await stack.close();
    const [file = ''] = readdirSync(join(folder.path, 'workspaces')).filter((name) => name.endsWith('.sqlite'));
    const db = new DatabaseSync(join(folder.path, 'workspaces', file));
    const before = derived(db);
    db.exec(`create table name_start(word text primary key, lengths integer not null) without rowid; delete from word; delete from irregular_word;
      drop index relation_key; create index relation_source on relation(source); update name set runs = 0; alter table name drop column grams;
      drop table term; create table term(term text primary key, passages integer not null) without rowid;
      alter table passage add column title_terms text not null default ''; alter table passage add column sentences text not null default '';
      alter table passage drop column terms; delete from meta where key in ('title_length', 'body_length');
      drop table sentence_vector; alter table staged_chunk drop column sentence_vectors; pragma user_version = 1`);
    migrate(db);
    expect(derived(db)).toEqual(before);
    expect(() => { db.exec('pragma user_version = 99'); migrate(db); }).toThrow('layout 99');
    db.close();
    await folder.remove();
  });
});
