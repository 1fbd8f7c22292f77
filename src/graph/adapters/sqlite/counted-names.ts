import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { type GRAM, type IN_TITLE, type MENTION, type RUN, type TITLE } from './name-links.ts';
import { tuples } from './rows.ts';

/** A name with its counts. */
export interface CountedName {
  readonly id: number;
  readonly norm: string;
  readonly titles: number;
  readonly mentions: number;
  readonly inTitles: number;
  readonly runs: number;
  readonly grams: number;
  /** Passages that have it as a title or mention it. */
  readonly passages: number;
}

export type LinkKind = typeof TITLE | typeof MENTION | typeof IN_TITLE | typeof RUN | typeof GRAM;

export function countOf(name: CountedName, kind: LinkKind): number {
  return [name.titles, name.mentions, name.inTitles, name.runs, name.grams][kind] ?? 0;
}

/** In scripts without capitals: an n-gram of two passages or more that is neither a title nor a run. */
export function isGramName(name: CountedName): boolean {
  return !isWalkName(name) && name.grams >= 2;
}

/** N-grams of more than this share of the passages, but of so many at least, are phrases of the language and no names. */
const COMMON_SHARE = 0.01;
const COMMON_LEAST = 10;

/** Those of the names that lead somewhere or find their passage; common n-grams do not. */
export function usableNames(names: readonly CountedName[], passageCount: number): CountedName[] {
  const limit = Math.max(COMMON_LEAST, COMMON_SHARE * passageCount);
  return names.filter((name) => !isGramName(name) || name.grams <= limit);
}

/** A title, or a capitalised run of two passages or more. */
export function isWalkName(name: Pick<CountedName, 'titles' | 'runs'>): boolean {
  return name.titles > 0 || name.runs >= 2;
}

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
