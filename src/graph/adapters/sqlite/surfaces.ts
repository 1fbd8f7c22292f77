import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { all, one } from './rows.ts';

/** Names of the entities a passage mentions, those of fewest passages first. */
export function surfacesOf(context: SqliteContext, passage: number, limit: number): string[] {
  const sql = `select m.surface, (select count(*) from (select 1 from mention o where o.entity = m.entity limit 1000)) as passages
    from mention m where m.passage = ? order by passages, m.surface limit ?`;
  return all<{ surface: string }>(context, sql, passage, limit).map((row) => row.surface);
}

/** The name an entity is shown by: the form most passages use, of equals the first by code unit. */
export function displayName(context: SqliteContext, entity: number): string {
  const sql = 'select surface, count(*) as n from mention where entity = ? group by surface order by n desc, surface limit 1';
  return one<{ surface: string }>(context, sql, entity)?.surface ?? '';
}
