import type { VectorQuery } from '../../passage-index.port.ts';
import { compareTies, type VectorHits } from '../../retrieval-columns.types.ts';
import { OperationFault } from '../../../storage/sqlite/operation-fault.errors.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { passageInfos } from './passage-info.ts';
import { changesSince } from './read.ops.ts';
import { metaNumber, one, tuples } from './rows.ts';
import { SignIndex } from './sign-index.ts';

export { isCurrent, migrate } from './schema.ts';

interface Loaded {
  readonly index: SignIndex;
  version: number;
}

const KEY = 'vectors';
/** Candidates that are rescored with the stored floats. */
const RESCORE = 200;

export function searchVectors(context: SqliteContext, input: VectorQuery): VectorHits {
  const dimensions = metaNumber(context, 'dimensions');
  if (dimensions === 0) return { passages: new Int32Array(), scores: new Float64Array() };
  if (input.vector.length !== dimensions) {
    throw new OperationFault('embedding-dimension-mismatch', `The question's vector has ${String(input.vector.length)} dimensions, the workspace has ${String(dimensions)}.`);
  }
  const allowed = allowedDocuments(context, input.filter);
  const index = signIndex(context, dimensions);
  const accept = allowed === undefined ? undefined : within(context, allowed);
  const candidates = index.nearest(input.vector, Math.max(RESCORE, input.k * 4), accept);
  const scores = similarities(context, { vector: input.vector, keys: candidates });
  const info = passageInfos(context, candidates);
  const rows = candidates.map((key, i) => ({ key, score: scores[i] ?? Number.NaN, tie: info(key).tie }));
  const best = rows
    .filter((row) => !Number.isNaN(row.score))
    .sort((a, b) => b.score - a.score || compareTies(a.tie, b.tie))
    .slice(0, input.k);
  return {
    passages: Int32Array.from(best, (row) => row.key),
    scores: Float64Array.from(best, (row) => row.score),
  };
}

/** Whether a passage belongs to one of the documents. */
function within(context: SqliteContext, allowed: ReadonlySet<number>): (passage: number) => boolean {
  const sql = 'select id from passage where document in (select value from json_each(?))';
  const passages = new Set(tuples<[number]>(context, sql, JSON.stringify([...allowed])).map(([id]) => id));
  return (passage) => passages.has(passage);
}

/** Cosines with the stored vectors; NaN where there is none. All vectors have unit length. */
export function similarities(context: SqliteContext, input: { readonly vector: Float32Array; readonly keys: readonly number[] }): Float64Array {
  return Float64Array.from(input.keys, (key) => {
    const row = one<{ value: Uint8Array }>(context, 'select value from vector where passage = ?', key);
    return row === undefined ? Number.NaN : dot(input.vector, floats(row.value));
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

/** The thread's index of the workspace, caught up with what was published since it was last used. */
function signIndex(context: SqliteContext, dimensions: number): SignIndex {
  const known = context.memory.get(KEY) as Loaded | undefined;
  const version = metaNumber(context, 'index_version');
  if (known?.version === version) return known.index;
  return known !== undefined && caughtUp(context, known) ? known.index : load(context, dimensions, version);
}

function caughtUp(context: SqliteContext, loaded: Loaded): boolean {
  const changes = changesSince(context, { indexVersion: loaded.version });
  if (!changes.complete) return false;
  for (const key of changes.removedPassages) loaded.index.remove(key);
  for (const key of changes.addedPassages) {
    const row = one<{ value: Uint8Array }>(context, 'select value from vector where passage = ?', key);
    if (row !== undefined) loaded.index.add(key, floats(row.value));
  }
  loaded.version = changes.indexVersion;
  return true;
}

function load(context: SqliteContext, dimensions: number, version: number): SignIndex {
  const index = new SignIndex(dimensions);
  for (const row of context.sql('select passage, value from vector').iterate() as Iterable<unknown>) {
    const { passage, value } = row as { passage: number; value: Uint8Array };
    index.add(passage, floats(value));
  }
  context.memory.set(KEY, { index, version } satisfies Loaded);
  return index;
}
