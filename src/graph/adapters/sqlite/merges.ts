import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { all, one } from './rows.ts';

/** Entity id by the id it was merged away from. */
export function mergedIds(context: SqliteContext): Map<string, string> {
  return new Map(all<{ entity_id: string; into_id: string }>(context, 'select entity_id, into_id from merge').map((row) => [row.entity_id, row.into_id]));
}

/** The id an entity is shown under. */
export function shownId(context: SqliteContext, id: number, merged: ReadonlyMap<string, string>): string {
  let current = one<{ id: string }>(context, 'select entity_id as id from entity where id = ?', id)?.id ?? '';
  // A chain of merges ends where it began at the latest.
  for (let step = 0; step < merged.size && merged.has(current); step += 1) current = merged.get(current) ?? current;
  return current;
}
