import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { endOfMerges } from '../../indexing/end-of-merges.ts';
import { all, tuples } from './rows.ts';

/** The ids entities are shown under, in the order asked; one that has gone is left out. */
export function shownIds(context: SqliteContext, ids: readonly number[]): Map<number, string> {
  const rows = tuples<[id: number, entityId: string]>(context, 'select id, entity_id from entity where id in (select value from json_each(?))', JSON.stringify(ids));
  const merged = mergesFrom(context, rows.map(([, entityId]) => entityId));
  const entityIds = new Map(rows);
  return new Map(ids.flatMap((id) => {
    const entityId = entityIds.get(id);
    return entityId === undefined ? [] : [[id, endOfMerges(entityId, merged)]];
  }));
}

/** With each entity all that were declared one with it, those asked for first. */
export function families(context: SqliteContext, ids: readonly number[]): number[] {
  const sql = `with recursive family(id) as (
      select entity_id from entity where id in (select value from json_each(?))
      union select m.into_id from merge m join family f on m.entity_id = f.id
      union select m.entity_id from merge m join family f on m.into_id = f.id)
    select e.id from family f join entity e on e.entity_id = f.id order by e.id`;
  return [...new Set([...ids, ...all<{ id: number }>(context, sql, JSON.stringify(ids)).map(({ id }) => id)])];
}

/** Every merge that leads on from these entities. */
function mergesFrom(context: SqliteContext, entityIds: readonly string[]): Map<string, string> {
  const merged = new Map<string, string>();
  for (let edge = entityIds; edge.length > 0; ) {
    const rows = tuples<[string, string]>(context, 'select entity_id, into_id from merge where entity_id in (select value from json_each(?))', JSON.stringify(edge));
    for (const [entityId, intoId] of rows) merged.set(entityId, intoId);
    edge = rows.map(([, intoId]) => intoId).filter((id) => !merged.has(id));
  }
  return merged;
}
