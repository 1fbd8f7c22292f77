import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { StoredVectors } from './known.types.ts';
import { componentsOf, greatestDot } from './quantised-vectors.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';

/** A passage with its own vector and the packed ones of its sentences, if it has such. */
type VectorRow = readonly [passage: number, own: Uint8Array, sentences: Uint8Array | null];

/** A passage with vectors of which only the signs count: its own first. */
export interface SignSource {
  readonly passage: number;
  readonly vectors: readonly ArrayLike<number>[];
}

const COLUMNS = 'select v.passage, v.value, s.value from vector v left join sentence_vector s on s.passage = v.passage';

/** The next passages with a vector behind `after`, by rising key. */
export function vectorsAfter(context: SqliteContext, page: { readonly after: number; readonly limit: number; readonly dimensions: number }): SignSource[] {
  const rows = tuples<VectorRow>(context, `${COLUMNS} where v.passage > ? order by v.passage limit ?`, page.after, page.limit);
  return rows.map((row) => sourceOf(row, page.dimensions));
}

/** Of the given passages those that have a vector, by rising key. */
export function vectorsOf(context: SqliteContext, passages: readonly number[], dimensions: number): SignSource[] {
  const sql = `${COLUMNS} where v.passage in (select value from json_each(?)) order by v.passage`;
  return tuples<VectorRow>(context, sql, JSON.stringify(passages)).map((row) => sourceOf(row, dimensions));
}

function sourceOf([passage, own, sentences]: VectorRow, dimensions: number): SignSource {
  return { passage, vectors: [floats(own), ...(sentences === null ? [] : componentsOf(sentences, dimensions))] };
}

/**
 * How near each passage is to a vector: (its own cosine + the greatest of its sentences') / 2, its own again where it has no sentence
 * vectors; NaN where it has no vector. All vectors have unit length.
 */
export function denseScores(context: SqliteContext, vector: Float32Array, passages: readonly number[]): (passage: number) => number {
  const sql = `${COLUMNS} where v.passage in (select value from json_each(?))`;
  const read = (missing: readonly number[]): [number, StoredVectors][] =>
    tuples<VectorRow>(context, sql, JSON.stringify(missing)).map(([passage, own, sentences]) => [passage, { own: floats(own), sentences }]);
  const stored = readerMemory(context).vectors.all(passages, read, undefined);
  const scores = new Map(Array.from(stored, ([passage, vectors]) => [passage, denseScore(vector, vectors)]));
  return (passage) => scores.get(passage) ?? Number.NaN;
}

function denseScore(vector: Float32Array, stored: StoredVectors | undefined): number {
  if (stored === undefined) return Number.NaN;
  const cosine = dot(vector, stored.own);
  return stored.sentences === null ? cosine : (cosine + greatestDot(vector, stored.sentences)) / 2;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function floats(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / Float32Array.BYTES_PER_ELEMENT);
}
