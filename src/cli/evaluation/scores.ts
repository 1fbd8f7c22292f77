import type { LineRange, Question } from './question-set.ts';

/** A found passage, as far as scoring needs it. */
export interface FoundPassage {
  readonly externalId: string;
  readonly lines?: LineRange;
}

/** Shares in percent, by k. */
export type Shares = Readonly<Record<string, number>>;

/** How good rankings are: means over questions, in percent, by k. */
export interface Scores {
  /** Share of a question's gold documents among the first k distinct documents. */
  readonly recall: Shares;
  /** Share of questions all of whose gold documents are among them. */
  readonly allGold: Shares;
  /** Share of questions with a passage among the first k that overlaps a gold range of lines. */
  readonly hit: Shares;
}

/** The answer to one question. */
export interface Ranking {
  readonly question: Question;
  readonly passages: readonly FoundPassage[];
}

function overlaps([first, last]: LineRange, lines: LineRange): boolean {
  return lines[0] <= last && lines[1] >= first;
}

/** Share (0 to 1) of the gold documents among the first k distinct documents. */
export function recallAt(gold: readonly string[], passages: readonly FoundPassage[], k: number): number {
  const first = new Set([...new Set(passages.map((passage) => passage.externalId))].slice(0, k));
  return gold.filter((id) => first.has(id)).length / gold.length;
}

/** Whether one of the first k passages is of the document and overlaps one of the ranges. */
export function hitAt(question: { readonly document: string; readonly goldLines: readonly LineRange[] }, passages: readonly FoundPassage[], k: number): boolean {
  return passages
    .slice(0, k)
    .some(({ externalId, lines }) => externalId === question.document && lines !== undefined && question.goldLines.some((range) => overlaps(range, lines)));
}

function meanPercent(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return Math.round((10_000 * sum) / values.length) / 100;
}

function shares(ks: readonly number[], values: (k: number) => readonly number[]): Shares {
  const byK = ks.map((k) => [String(k), values(k)] as const).filter(([, list]) => list.length > 0);
  return Object.fromEntries(byK.map(([k, list]) => [k, meanPercent(list)]));
}

/** Scores of rankings; a measure that no question asks for has no shares. */
export function scoreRankings(rankings: readonly Ranking[], ks: readonly number[]): Scores {
  const recalls = (k: number): number[] =>
    rankings.flatMap(({ question, passages }) => (question.kind === 'documents' ? [recallAt(question.gold, passages, k)] : []));
  const hits = (k: number): number[] =>
    rankings.flatMap(({ question, passages }) => (question.kind === 'lines' ? [Number(hitAt(question, passages, k))] : []));
  return {
    recall: shares(ks, recalls),
    allGold: shares(ks, (k) => recalls(k).map((recall) => Number(recall === 1))),
    hit: shares(ks, hits),
  };
}
