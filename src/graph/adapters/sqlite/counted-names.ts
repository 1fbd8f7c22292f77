import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { CountedName } from '../../indexing/name-counts.ts';
import { tuples } from './rows.ts';

type Row = [id: number, norm: string, titles: number, mentions: number, inTitles: number, runs: number, grams: number, passages: number];

const SQL = 'select id, norm, titles, mentions, in_titles, runs, grams, passages from name';

/** Those of the normalised forms that are names, in the order asked. */
export function namesByNorm(context: SqliteContext, norms: readonly string[]): CountedName[] {
  const rows = tuples<Row>(context, `${SQL} where norm in (select value from json_each(?))`, JSON.stringify(norms)).map(counted);
  const byNorm = new Map(rows.map((row) => [row.norm, row]));
  return norms.map((norm) => byNorm.get(norm)).filter((row) => row !== undefined);
}

/** Names by their integers, in rising order. */
export function namesById(context: SqliteContext, ids: readonly number[]): CountedName[] {
  return tuples<Row>(context, `${SQL} where id in (select value from json_each(?)) order by id`, JSON.stringify(ids)).map(counted);
}

function counted([id, norm, titles, mentions, inTitles, runs, grams, passages]: Row): CountedName {
  return { id, norm, titles, mentions, inTitles, runs, grams, passages };
}
