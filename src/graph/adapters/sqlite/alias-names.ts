import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { CountedName } from '../../indexing/name-counts.ts';
import { namesByNorm } from './counted-names.ts';
import { readerMemory } from './reader-memory.ts';
import { one, tuples } from './rows.ts';

const ANY_SQL = 'select 1 from entity_alias limit 1';
const SQL = `select distinct a.norm, e.norm from entity_alias a join entity e on e.id = a.entity
  where a.norm in (select value from json_each(?)) and e.norm <> a.norm`;
const NOBODY: readonly CountedName[] = [];

/** For each of the names the names of the entities it is an alias of: it leads to what they lead to. */
export function namesBehind(context: SqliteContext, names: readonly CountedName[]): (name: CountedName) => readonly CountedName[] {
  const memory = readerMemory(context);
  memory.hasAliases ??= one(context, ANY_SQL) !== undefined;
  if (!memory.hasAliases) return () => NOBODY;
  const pairs = tuples<[alias: string, norm: string]>(context, SQL, JSON.stringify(names.map((name) => name.norm)));
  const byNorm = new Map(namesByNorm(context, [...new Set(pairs.map(([, norm]) => norm))]).map((name) => [name.norm, name]));
  const behind = new Map<string, CountedName[]>();
  for (const [alias, norm] of pairs) {
    const name = byNorm.get(norm);
    if (name !== undefined) behind.set(alias, [...(behind.get(alias) ?? []), name]);
  }
  return (name) => behind.get(name.norm) ?? NOBODY;
}
