import { lookUp, type LookUpProgram } from '../../graph/look-ups.types.ts';
import { compareTies } from '../../graph/retrieval-columns.types.ts';
import type { PassageKey } from '../../graph/graph.types.ts';

/** Scores are compared in whole billionths, so that rounding does not decide. */
const ORDER = 1e9;
/** So many are found by one pass, more of them by sorting. */
const FEW = 32;

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

/** The score that `limit` of them reach. */
function leastOf(scores: ReadonlyMap<PassageKey, number>, limit: number): number {
  if (limit <= 0 || scores.size <= limit) return Number.NEGATIVE_INFINITY;
  if (limit > FEW) return Float64Array.from(scores.values()).sort()[scores.size - limit] ?? 0;
  // The highest so far, rising: almost all others fall at the first look.
  const highest = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  let least = Number.NEGATIVE_INFINITY;
  for (const score of scores.values()) {
    if (score <= least) continue;
    enter(highest, score);
    least = highest[0] ?? least;
  }
  return least;
}

/** Enters a number in its place among rising ones, of which the least goes. */
function enter(rising: Float64Array, value: number): void {
  const next = rising.findIndex((each) => each >= value);
  const place = (next < 0 ? rising.length : next) - 1;
  rising.copyWithin(0, 1, place + 1);
  rising[place] = value;
}

/** The rows of the highest scores, at least `limit` of them if there are as many, and all that equal the last. */
function highest(scores: ReadonlyMap<PassageKey, number>, limit: number): Row[] {
  const least = Math.round(leastOf(scores, limit) * ORDER);
  const rows: Row[] = [];
  for (const [passage, value] of scores) {
    const score = Math.round(value * ORDER);
    if (score >= least) rows.push({ passage, score });
  }
  return rows.sort((a, b) => b.score - a.score);
}
