import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';

type Value = string | number | bigint | Uint8Array | null;

/** All rows of a query, typed by the caller who wrote its columns. */
export function all<T>(context: SqliteContext, sql: string, ...values: readonly Value[]): T[] {
  return context.sql(sql).all(...values) as T[];
}

/** All rows of a query as arrays of their columns: for hot paths, where naming each column of each row costs more than reading it. */
export function tuples<T extends readonly unknown[]>(context: SqliteContext, sql: string, ...values: readonly Value[]): T[] {
  const statement = context.sql(sql);
  statement.setReturnArrays(true);
  return statement.all(...values) as unknown as T[];
}

/** The first row of a query, or nothing. */
export function one<T>(context: SqliteContext, sql: string, ...values: readonly Value[]): T | undefined {
  return context.sql(sql).get(...values) as T | undefined;
}

/** Runs a statement for its effect; returns how many rows changed. */
export function run(context: SqliteContext, sql: string, ...values: readonly Value[]): number {
  return Number(context.sql(sql).run(...values).changes);
}

/** A number of the workspace's `meta` table. */
export function metaNumber(context: SqliteContext, key: string): number {
  return one<{ value: number }>(context, 'select value from meta where key = ?', key)?.value ?? 0;
}

export function setMeta(context: SqliteContext, key: string, value: string | number): void {
  run(context, 'insert into meta values (?, ?) on conflict(key) do update set value = excluded.value', key, value);
}

/** Runs `work` in a write transaction. A throw rolls back. */
export function transaction<T>(context: SqliteContext, work: () => T): T {
  context.db.exec('begin immediate');
  try {
    const result = work();
    context.db.exec('commit');
    return result;
  } catch (error) {
    if (context.db.isTransaction) context.db.exec('rollback');
    throw error;
  }
}
