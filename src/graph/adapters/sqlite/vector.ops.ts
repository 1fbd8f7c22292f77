import type { VectorQuery } from '../../passage-index.port.ts';
import { compareTies, type VectorHits } from '../../retrieval-columns.types.ts';
import { OperationFault } from '../../../storage/sqlite/operation-fault.errors.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { passageInfos } from './passage-info.ts';
import { metaNumber, tuples } from './rows.ts';
import { nextSignStep, type SignStep } from './sign-build.ts';
import { nearestKeys } from './sign-search.ts';
import { signView } from './sign-view.ts';
import { denseScores } from './stored-vectors.ts';

export { isCurrent, migrate } from './schema.ts';

/** Candidates that are rescored with the stored vectors. */
const RESCORE = 200;

/** The nearest passages, and the scores of others that are asked for too; see PassageIndex. */
export function searchVectors(context: SqliteContext, input: VectorQuery): VectorHits {
  const also = input.also ?? [];
  const dimensions = metaNumber(context, 'dimensions');
  if (dimensions === 0) return { passages: new Int32Array(), scores: new Float64Array(), alsoScores: new Float64Array(also.length).fill(Number.NaN) };
  if (input.vector.length !== dimensions) {
    throw new OperationFault('embedding-dimension-mismatch', `The question's vector has ${String(input.vector.length)} dimensions, the workspace has ${String(dimensions)}.`);
  }
  const candidates = candidatesOf(context, input, dimensions);
  const score = denseScores(context, input.vector, [...candidates, ...also]);
  const info = passageInfos(context, candidates);
  const best = candidates
    .map((key) => ({ key, score: score(key), tie: info(key).tie }))
    .filter((row) => !Number.isNaN(row.score))
    .sort((a, b) => b.score - a.score || compareTies(a.tie, b.tie))
    .slice(0, input.k);
  return {
    passages: Int32Array.from(best, (row) => row.key),
    scores: Float64Array.from(best, (row) => row.score),
    alsoScores: Float64Array.from(also, score),
  };
}

/** Keys of passages that are nearest by their signs. */
function candidatesOf(context: SqliteContext, input: VectorQuery, dimensions: number): number[] {
  const allowed = allowedDocuments(context, input.filter);
  const accept = allowed === undefined ? () => true : within(context, allowed);
  const { shared, changed, beside } = signView(context, dimensions);
  const parts = [
    ...(shared === undefined ? [] : [{ index: shared, accept: (key: number): boolean => !changed.has(key) && accept(key) }]),
    ...(beside === undefined ? [] : [{ index: beside, accept }]),
  ];
  return nearestKeys(parts, input.vector, Math.max(RESCORE, input.k * 2));
}

/** Whether a passage belongs to one of the documents. */
function within(context: SqliteContext, allowed: ReadonlySet<number>): (passage: number) => boolean {
  const sql = 'select id from passage where document in (select value from json_each(?))';
  const passages = new Set(tuples<[number]>(context, sql, JSON.stringify([...allowed])).map(([id]) => id));
  return (passage) => passages.has(passage);
}

/** The scores of passages, as `searchVectors` has them; NaN where there is no vector. */
export function similarities(context: SqliteContext, input: { readonly vector: Float32Array; readonly keys: readonly number[] }): Float64Array {
  return Float64Array.from(input.keys, denseScores(context, input.vector, input.keys));
}

/** The next step towards an index of all that is visible; see `nextSignStep`. */
export function advanceSigns(context: SqliteContext, input: { readonly memory?: SharedArrayBuffer }): SignStep | undefined {
  return nextSignStep(context, input.memory);
}
