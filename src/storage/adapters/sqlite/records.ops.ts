/*
 * The operations of the record store, run in a store thread. Text is UTF-16 (big endian), so that SQLite's order of keys is the
 * order of their code units.
 */
import type { DatabaseSync } from 'node:sqlite';
import { OperationFault } from '../../sqlite/operation-fault.errors.ts';
import type { SqliteContext } from '../../sqlite/sqlite-protocol.types.ts';
import type { ListInput, RecordRow, RecordStep, RowPage, StepsInput } from './records.types.ts';

const LAYOUT = 1;
/** A page of large values ends early, so that it does not fill the memory. */
const MAX_PAGE_BYTES = 8_000_000;
const PURGED_PER_WRITE = 100;

const SCHEMA = `
  create table record (
    scope text not null, key text not null, value blob not null, version integer not null, expires_at integer,
    primary key (scope, key)
  ) strict, without rowid;
  create index record_expiry on record (expires_at) where expires_at is not null;
  create table counter (id integer primary key check (id = 1), last integer not null) strict;
  insert into counter values (1, 0);
`;

const LIVE = '(expires_at is null or expires_at > :now)';

/** Brings the file to this version's layout. */
export function migrate(db: DatabaseSync): void {
  if (layoutOf(db) === LAYOUT) return;
  db.exec("pragma encoding = 'UTF-16be'; begin immediate");
  try {
    // Another process may have been first.
    if (layoutOf(db) === 0) db.exec(`${SCHEMA} pragma user_version = ${String(LAYOUT)};`);
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}

function layoutOf(db: DatabaseSync): number {
  const layout = Number(db.prepare('pragma user_version').get()?.['user_version']);
  if (layout > LAYOUT) {
    throw new OperationFault(
      'data-newer',
      `The record store has layout ${String(layout)}; this version knows layouts up to ${String(LAYOUT)}.`,
    );
  }
  return layout;
}

export function get({ sql }: SqliteContext, input: { scope: string; key: string; now: number }): RecordRow | undefined {
  const row = sql(`select key, value, version from record where scope = :scope and key = :key and ${LIVE}`).get(input);
  return row === undefined ? undefined : rowOf(row);
}

export function getMany(context: SqliteContext, input: { scope: string; keys: readonly string[]; now: number }): RecordRow[] {
  return input.keys.flatMap((key) => get(context, { scope: input.scope, key, now: input.now }) ?? []);
}

export function list({ sql }: SqliteContext, { prefix, limit, ...bounds }: ListInput): RowPage {
  const rows: RecordRow[] = [];
  const statement = sql(
    `select key, value, version from record where scope = :scope and key >= :from and key > :after and ${LIVE} order by key`,
  );
  let bytes = 0;
  for (const each of statement.iterate({ ...bounds, from: prefix })) {
    const row = rowOf(each);
    if (!row.key.startsWith(prefix)) break;
    if (rows.length >= limit || bytes > MAX_PAGE_BYTES) return { rows, more: true };
    bytes += row.json.length;
    rows.push(row);
  }
  return { rows, more: false };
}

/** Runs all steps or none; for a put its version, for a delete 1 if there was a record, else 0. */
export function apply(context: SqliteContext, { scope, now, steps }: StepsInput): number[] {
  return committed(context, () => {
    const results = steps.map((step) => applyStep(context, scope, now, step));
    context
      .sql('delete from record where (scope, key) in (select scope, key from record where expires_at <= :now limit :most)')
      .run({ now, most: PURGED_PER_WRITE });
    return results;
  });
}

export function clear(context: SqliteContext, input: { scope: string }): void {
  committed(context, () => context.sql('delete from record where scope = :scope').run(input));
}

/** A real write, because a file that can be read may still refuse to be written. */
export function ping(context: SqliteContext): void {
  committed(context, () => context.sql('update counter set last = last').run());
}

function applyStep(context: SqliteContext, scope: string, now: number, step: RecordStep): number {
  const { key } = step;
  const live = context.sql(`select version from record where scope = :scope and key = :key and ${LIVE}`).get({ scope, key, now });
  const version = Number(live?.['version'] ?? 0);
  if (step.ifVersion !== undefined && step.ifVersion !== version) {
    throw new OperationFault('record-conflict', `The record has version ${String(version)}, not ${String(step.ifVersion)}.`);
  }
  if (step.json === undefined) {
    context.sql('delete from record where scope = :scope and key = :key').run({ scope, key });
    return version > 0 ? 1 : 0;
  }
  return write(context, { scope, key, value: Buffer.from(step.json), expiresAt: step.expiresAt ?? null });
}

function write({ sql }: SqliteContext, row: { scope: string; key: string; value: Buffer; expiresAt: number | null }): number {
  // One counter for all records: a record that is deleted and made again never gets a version it had before.
  const version = Number(sql('update counter set last = last + 1 returning last').get()?.['last']);
  sql(
    `insert into record (scope, key, value, version, expires_at) values (:scope, :key, :value, :version, :expiresAt)
     on conflict (scope, key) do update set value = excluded.value, version = excluded.version, expires_at = excluded.expires_at`,
  ).run({ ...row, version });
  return version;
}

function rowOf(row: Record<string, unknown>): RecordRow {
  const { key, value, version } = row as { key: string; value: Uint8Array; version: number };
  return { key, json: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8'), version };
}

function committed<T>({ db }: SqliteContext, work: () => T): T {
  db.exec('begin immediate');
  const result = work();
  db.exec('commit');
  return result;
}
