import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { PassageRows } from './passage-rows.ts';
import { metaNumber, setMeta, tuples } from './rows.ts';

const DERIVED = ['post', 'name', 'term', 'word', 'irregular_word'];

/** Makes anew, within the transaction under way, all that is derived from the passages' texts: for a file whose texts were analysed otherwise. */
export function reanalyse(db: DatabaseSync): void {
  const context = contextOf(db);
  for (const table of DERIVED) db.exec(`delete from ${table}`);
  db.exec("update passage set names = x'', terms = x''");
  db.exec("update meta set value = 0 where key in ('title_length', 'body_length')");
  db.exec("insert into passage_text(passage_text) values ('delete-all')");
  const rows = new PassageRows(context, '');
  const ids = tuples<[number]>(context, 'select id from passage order by id').map(([id]) => id);
  for (const id of ids) rows.reindex(id);
  rows.names.settle();
  for (const id of ids) rows.names.recompute(id);
  const version = metaNumber(context, 'index_version') + 1;
  rows.names.close(version);
  rows.frequencies.flush(context);
  rows.terms.flush();
  setMeta(context, 'index_version', version);
}

function contextOf(db: DatabaseSync): SqliteContext {
  const statements = new Map<string, StatementSync>();
  const sql = (text: string): StatementSync => {
    const statement = statements.get(text) ?? db.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  return { db, sql, memory: new Map() };
}
