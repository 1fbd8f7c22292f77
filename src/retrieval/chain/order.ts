import { compareTies } from '../../graph/retrieval-columns.types.ts';
import type { PassageKey } from '../../graph/graph.types.ts';

/** Scores are compared in whole billionths, so that rounding does not decide. */
const ORDER = 1e9;

/** For each passage its place among equals, which does not depend on when it came. */
export type Ties = Map<PassageKey, string>;

/** Passages by falling score; equal ones by tie. */
export function bestFirst(scores: ReadonlyMap<PassageKey, number>, ties: Ties): PassageKey[] {
  return Array.from(scores, ([passage, score]) => ({ passage, score: Math.round(score * ORDER) }))
    .sort((a, b) => b.score - a.score || compareTies(ties.get(a.passage) ?? '', ties.get(b.passage) ?? ''))
    .map((row) => row.passage);
}

/** Remembers the ties of some passages. */
export function addTies(ties: Ties, rows: { readonly passages: Int32Array; readonly ties: readonly string[] }): void {
  for (const [i, passage] of rows.passages.entries()) ties.set(passage, rows.ties[i] ?? '');
}
