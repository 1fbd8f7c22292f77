import { lookUp, type LookUpProgram } from '../../graph/look-ups.types.ts';
import { compareTies } from '../../graph/retrieval-columns.types.ts';
import type { PassageKey } from '../../graph/graph.types.ts';

/** Scores are compared in whole billionths, so that rounding does not decide. */
const ORDER = 1e9;

/** For passages whose scores were equal their place among equals, which does not depend on when they came. */
export type Ties = Map<PassageKey, string>;

interface Row {
  readonly passage: PassageKey;
  /** In billionths. */
  readonly score: number;
}

/** At most `limit` passages by falling score; equal ones by tie, which is looked up only where it decides. */
export function* bestFirst(scores: ReadonlyMap<PassageKey, number>, ties: Ties, limit = scores.size): LookUpProgram<PassageKey[]> {
  const rows = highest(scores, limit);
  const unclear = rows.filter(({ score }, i) => score === rows[i - 1]?.score || score === rows[i + 1]?.score).map((row) => row.passage);
  const unknown = unclear.filter((passage) => !ties.has(passage));
  if (unknown.length > 0) {
    const found = yield* lookUp('ties', { keys: unknown });
    for (const [i, passage] of unknown.entries()) ties.set(passage, found[i] ?? '');
  }
  if (unclear.length > 0) rows.sort((a, b) => b.score - a.score || compareTies(ties.get(a.passage) ?? '', ties.get(b.passage) ?? ''));
  return rows.slice(0, limit).map((row) => row.passage);
}

/** The rows of the highest scores, at least `limit` of them if there are as many, and all that equal the last. */
function highest(scores: ReadonlyMap<PassageKey, number>, limit: number): Row[] {
  const threshold = limit > 0 && scores.size > limit ? (Float64Array.from(scores.values()).sort()[scores.size - limit] ?? 0) : Number.NEGATIVE_INFINITY;
  const least = Math.round(threshold * ORDER);
  const rows: Row[] = [];
  for (const [passage, value] of scores) {
    const score = Math.round(value * ORDER);
    if (score >= least) rows.push({ passage, score });
  }
  return rows.sort((a, b) => b.score - a.score);
}
