import { DatabaseSync } from 'node:sqlite';
import { migrate } from './schema.ts';

const tables = (db: DatabaseSync): unknown[] => db.prepare("select name, sql from sqlite_master where name not like 'sqlite_%' order by name").all();
const versionOf = (db: DatabaseSync): unknown => (db.prepare('pragma user_version').get() as { user_version: number }).user_version;

describe("A workspace file's layout", () => {
  let db: DatabaseSync;
  beforeEach(() => {
    db = new DatabaseSync(':memory:');
  });
  afterEach(() => {
    db.close();
  });

  it('is brought from version 1 to the newest, with what was staged and stored', () => {
    migrate(db);
    const newest = [tables(db), versionOf(db)];
    // Version 1 knew no vectors of sentences.
    db.exec('drop table sentence_vector; alter table staged_chunk drop column sentence_vectors; pragma user_version = 1');
    db.exec("insert into staged_chunk values (1, 0, 'c', '{}', 'title', 'body', '[]', x'00', null); insert into vector values (7, x'01')");
    migrate(db);
    expect([tables(db), versionOf(db)]).toEqual(newest);
    expect(db.prepare('select chunk_id, sentence_vectors from staged_chunk').all()).toEqual([{ chunk_id: 'c', sentence_vectors: null }]);
    expect(db.prepare('select passage from vector').all()).toEqual([{ passage: 7 }]);
    migrate(db);
    expect([tables(db), versionOf(db)]).toEqual(newest);
  });

  it('is left alone when it is newer than this version knows', () => {
    db.exec('pragma user_version = 99');
    expect(() => { migrate(db); }).toThrow('layout 99');
    expect(tables(db)).toEqual([]);
  });
});
