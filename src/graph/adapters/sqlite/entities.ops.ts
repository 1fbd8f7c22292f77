import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { longestText } from '../../indexing/longest-text.ts';
import { type EntityMention, type EntityMerge, type EntityPage, type GivenSense, PASSAGES_TOLD, type StoredEntity } from '../../stored-entities.port.ts';
import { EntityIndex } from './entity-index.ts';
import { all, run, transaction, tuples } from './rows.ts';
import { displayNames } from './surfaces.ts';

export { isCurrent, migrate } from './schema.ts';

interface Row {
  readonly id: number;
  readonly entity_id: string;
  readonly norm: string;
  readonly type: string;
  /** A number where an older version made the file. */
  readonly sense: string | number;
}

type Mention = readonly [entity: number, passage: number, description: string, mentions: number];

export function page(context: SqliteContext, { after = '0', limit }: { readonly after?: string; readonly limit: number }): EntityPage {
  const rows = all<Row>(context, 'select id, entity_id, norm, type, sense from entity where id > ? order by id limit ?', Number(after), limit + 1);
  const shown = rows.slice(0, limit);
  const ids = shown.map(({ id }) => id);
  const names = displayNames(context, ids);
  const mentions = Map.groupBy(mentionsOf(context, ids), ([entity]) => entity);
  const aliases = Map.groupBy(aliasesOf(context, ids), ([entity]) => entity);
  const entities = shown.map(({ id, entity_id, norm, type, sense }): StoredEntity => {
    const told = mentions.get(id) ?? [];
    return {
      ...{ id: entity_id, norm, type, sense: String(sense) === '0' ? '' : String(sense), name: names.get(id) ?? norm },
      aliases: (aliases.get(id) ?? []).map(([, alias]) => alias),
      mentions: told[0]?.[3] ?? 0,
      passages: told.map(([, passage]) => passage),
      description: longestText(told.map(([, , description]) => description)),
    };
  });
  const last = shown.at(-1);
  return { entities, ...(rows.length > limit && last !== undefined ? { next: String(last.id) } : {}) };
}

function mentionsOf(context: SqliteContext, ids: readonly number[]): Mention[] {
  const sql = `select entity, passage, description, mentions from (
      select m.entity, m.passage, m.description, count(*) over (partition by m.entity) as mentions,
        row_number() over (partition by m.entity order by p.chunk_id) as place
      from mention m join passage p on p.id = m.passage where m.entity in (select value from json_each(?)))
    where place <= ${String(PASSAGES_TOLD)} order by entity, place`;
  return tuples<Mention>(context, sql, JSON.stringify(ids));
}

function aliasesOf(context: SqliteContext, ids: readonly number[]): (readonly [entity: number, alias: string])[] {
  // By way of the passages, because aliases are kept by name and by passage.
  const sql = `select distinct a.entity, a.norm from mention m join entity_alias a on a.passage = m.passage and a.entity = m.entity
    where m.entity in (select value from json_each(?)) order by 1, 2`;
  return tuples<[number, string]>(context, sql, JSON.stringify(ids));
}

const MENTIONS = `select e.entity_id, m.passage, m.surface, e.norm from entity e join mention m on m.entity = e.id join passage p on p.id = m.passage
  where e.entity_id in (select value from json_each(?)) order by p.chunk_id`;
const BESIDE = `select m.passage, json_group_array(distinct o.norm) from (
    select distinct m.passage from entity e join mention m on m.entity = e.id where e.entity_id in (select value from json_each(?))) m
  join mention n on n.passage = m.passage join entity o on o.id = n.entity group by m.passage`;

export function mentions(context: SqliteContext, input: { readonly entityIds: readonly string[] }): Map<string, EntityMention[]> {
  const ids = JSON.stringify(input.entityIds);
  const beside = new Map(tuples<[passage: number, norms: string]>(context, BESIDE, ids).map(([passage, norms]) => [passage, (JSON.parse(norms) as string[]).sort()]));
  const found = new Map<string, EntityMention[]>();
  for (const [entityId, passage, surface, norm] of tuples<[string, number, string, string]>(context, MENTIONS, ids)) {
    const list = found.get(entityId) ?? [];
    found.set(entityId, list);
    list.push({ passage, surface, beside: (beside.get(passage) ?? []).filter((each) => each !== norm) });
  }
  return found;
}

export function giveSenses(context: SqliteContext, { uid, given }: { readonly uid: string; readonly given: readonly GivenSense[] }): number {
  return transaction(context, () => {
    const index = new EntityIndex(context, uid);
    const moved = given.reduce((sum, each) => sum + index.giveSense(each), 0);
    index.prune();
    return moved;
  });
}

export function merges(context: SqliteContext): EntityMerge[] {
  return tuples<[string, string]>(context, 'select entity_id, into_id from merge order by entity_id').map(([entityId, intoId]) => ({ entityId, intoId }));
}

export function declare(context: SqliteContext, input: { readonly merges: readonly EntityMerge[] }): number {
  const sql = `insert into merge select ?1, ?2 where exists (select 1 from entity where entity_id = ?1) and exists (select 1 from entity where entity_id = ?2)
    on conflict(entity_id) do update set into_id = excluded.into_id`;
  return transaction(context, () => input.merges.reduce((sum, { entityId, intoId }) => sum + run(context, sql, entityId, intoId), 0));
}

export function forget(context: SqliteContext, input: { readonly entityIds: readonly string[] }): void {
  run(context, 'delete from merge where entity_id in (select value from json_each(?))', JSON.stringify(input.entityIds));
}
