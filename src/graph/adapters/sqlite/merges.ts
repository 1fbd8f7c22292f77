import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { all, one, tuples } from './rows.ts';

/** Entity id by the id it was merged away from. */
export function mergedIds(context: SqliteContext): Map<string, string> {
  return new Map(all<{ entity_id: string; into_id: string }>(context, 'select entity_id, into_id from merge').map((row) => [row.entity_id, row.into_id]));
}

/** The id an entity is shown under. */
export function shownId(context: SqliteContext, id: number, merged: ReadonlyMap<string, string>): string {
  return endOfMerges(one<{ id: string }>(context, 'select entity_id as id from entity where id = ?', id)?.id ?? '', merged);
}

/** The ids entities are shown under; one that has gone is left out. */
export function shownIds(context: SqliteContext, ids: readonly number[], merged: ReadonlyMap<string, string>): Map<number, string> {
  const rows = tuples<[id: number, entityId: string]>(context, 'select id, entity_id from entity where id in (select value from json_each(?))', JSON.stringify(ids));
  return new Map(rows.map(([id, entityId]) => [id, endOfMerges(entityId, merged)]));
}

function endOfMerges(entityId: string, merged: ReadonlyMap<string, string>): string {
  let current = entityId;
  // A chain of merges ends where it began at the latest.
  for (let step = 0; step < merged.size && merged.has(current); step += 1) current = merged.get(current) ?? current;
  return current;
}
