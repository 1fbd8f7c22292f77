import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';

/** Entities of more passages are told apart no further: counting them all would cost more than the order is worth. */
const COUNTED = 100;
const MENTIONS = 'select passage, entity, surface from mention where passage in (select value from json_each(?))';
const COUNT = `select e.value, (select count(*) from (select 1 from mention where entity = e.value limit ${String(COUNTED)})) from json_each(?) e`;

/** For each passage the names of the entities it mentions, those of fewest passages first, at most `limit`. */
export function surfacesOf(context: SqliteContext, passages: readonly number[], limit: number): Map<number, string[]> {
  const mentions = tuples<[passage: number, entity: number, surface: string]>(context, MENTIONS, JSON.stringify(passages));
  const read = (missing: readonly number[]): [number, number][] => tuples<[number, number]>(context, COUNT, JSON.stringify(missing));
  const frequency = readerMemory(context).entityFrequencies.all(mentions.map(([, entity]) => entity), read, 0);
  const byPassage = new Map<number, { readonly surface: string; readonly passages: number }[]>();
  for (const [passage, entity, surface] of mentions) {
    const list = byPassage.get(passage) ?? [];
    byPassage.set(passage, list);
    list.push({ surface, passages: frequency.get(entity) ?? 0 });
  }
  return new Map(Array.from(byPassage, ([passage, list]) => [passage, mostSpecific(list).slice(0, limit)]));
}

function mostSpecific(list: { readonly surface: string; readonly passages: number }[]): string[] {
  list.sort((a, b) => a.passages - b.passages || (a.surface < b.surface ? -1 : Number(a.surface > b.surface)));
  return list.map(({ surface }) => surface);
}

/** The names entities are shown by: the form most passages use, of equals the first by code unit. */
export function displayNames(context: SqliteContext, entities: readonly number[]): Map<number, string> {
  const sql = `select entity, surface from (
      select entity, surface, row_number() over (partition by entity order by count(*) desc, surface) as place
      from mention where entity in (select value from json_each(?)) group by entity, surface)
    where place = 1`;
  return new Map(tuples<[entity: number, surface: string]>(context, sql, JSON.stringify(entities)));
}
