import { StorageError } from '../../storage.errors.ts';
import type { RecordOperation } from '../../storage.types.ts';
import { counterOf } from './record-ids.ts';

/** One step, checked, with the id of its record. */
export type RecordStep =
  | { readonly kind: 'put'; readonly id: string; readonly json: string; readonly ifVersion: number | undefined; readonly expiresAt: number | null }
  | { readonly kind: 'delete'; readonly id: string; readonly ifVersion: number | undefined };

/** A counter, and how many versions are drawn from it. */
export interface CounterUse {
  readonly id: number;
  readonly draws: number;
}

/** A record to be written. */
export interface RecordWrite {
  readonly id: string;
  readonly json: string;
  readonly bytes: number;
  readonly version: number;
  readonly expiresAt: number | null;
}

/** A record to be written whatever is there, with the counter its version is drawn from. */
export type WriteAnyway = Omit<RecordWrite, 'version'> & { readonly counter: number };

/** What steps come to. */
export interface RecordChanges {
  readonly puts: readonly RecordWrite[];
  readonly deletes: readonly string[];
  /** For a put its version, for a delete 1 if there was a record, else 0. */
  readonly results: readonly number[];
}

/** The counters of some ids, by rising id: who takes several takes them in this order, so that no two wait for each other. */
export function countersOf(ids: Iterable<string>, draws: (id: string) => number): CounterUse[] {
  const uses = new Map<number, number>();
  for (const id of ids) uses.set(counterOf(id), (uses.get(counterOf(id)) ?? 0) + draws(id));
  return [...uses].map(([id, count]) => ({ id, draws: count })).toSorted((a, b) => a.id - b.id);
}

/** The counters that steps need. */
export function countersOfSteps(steps: readonly RecordStep[]): CounterUse[] {
  const puts = Map.groupBy(steps.filter(({ kind }) => kind === 'put'), ({ id }) => id);
  return countersOf(new Set(steps.map(({ id }) => id)), (id) => puts.get(id)?.length ?? 0);
}

/**
 * What the steps come to, one after the other.
 * @param live versions of the records that there are
 * @param last the highest version of each counter, what is drawn now included
 * @throws StorageError `record-conflict` if an `ifVersion` does not hold
 */
export function changesOf(steps: readonly RecordStep[], live: ReadonlyMap<string, number>, last: ReadonlyMap<number, number>): RecordChanges {
  const next = new Map(countersOfSteps(steps).map(({ id, draws }) => [id, (last.get(id) ?? 0) - draws]));
  const versions = new Map(live);
  const written = new Map<string, RecordWrite | undefined>();
  const results = steps.map((step) => {
    const version = versions.get(step.id) ?? 0;
    if (step.ifVersion !== undefined && step.ifVersion !== version) throw conflict(version, step.ifVersion);
    if (step.kind === 'delete') {
      versions.delete(step.id);
      written.set(step.id, undefined);
      return version > 0 ? 1 : 0;
    }
    const drawn = (next.get(counterOf(step.id)) ?? 0) + 1;
    next.set(counterOf(step.id), drawn);
    versions.set(step.id, drawn);
    written.set(step.id, { id: step.id, json: step.json, bytes: Buffer.byteLength(step.json), version: drawn, expiresAt: step.expiresAt });
    return drawn;
  });
  const deletes = [...written].filter(([, write]) => write === undefined).map(([id]) => id);
  return { puts: [...written.values()].filter((write) => write !== undefined), deletes, results };
}

/** What is to be written, by rising counter, if all steps write and none cares what is there; else nothing. */
export function writesAnyway(steps: readonly RecordStep[]): WriteAnyway[] | undefined {
  const writes = steps.flatMap((step) => {
    if (step.kind === 'delete' || step.ifVersion !== undefined) return [];
    return [{ id: step.id, json: step.json, bytes: Buffer.byteLength(step.json), expiresAt: step.expiresAt, counter: counterOf(step.id) }];
  });
  return writes.length < steps.length ? undefined : writes.toSorted((a, b) => a.counter - b.counter);
}

function conflict(version: number, wanted: number): StorageError {
  return new StorageError('record-conflict', `The record has version ${String(version)}, not ${String(wanted)}.`, {
    remedy: 'Read the record again and repeat the change on what it holds now.',
  });
}

/** A step of an operation whose key and value have been checked. */
export function stepOf(operation: RecordOperation, id: string, json: (value: Extract<RecordOperation, { kind: 'put' }>['value']) => string, now: number): RecordStep {
  const { ifVersion } = operation;
  if (operation.kind === 'delete') return { kind: 'delete', id, ifVersion };
  const expiresAt = operation.ttlMs === undefined ? null : now + Math.ceil(operation.ttlMs);
  return { kind: 'put', id, ifVersion, json: json(operation.value), expiresAt };
}
