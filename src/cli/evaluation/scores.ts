import type { LineRange, Question } from './question-set.ts';

/** A found passage, as far as scoring needs it. */
export interface FoundPassage {
  readonly externalId: string;
  readonly lines?: LineRange;
}

/** What is measured of a ranking. */
export const MEASURES = ['recall', 'allGold', 'hit'] as const;
export type Measure = (typeof MEASURES)[number];

/** Shares in percent, by k. */
export type Shares = Readonly<Record<string, number>>;

/** How good rankings are: means over questions, in percent, by k. */
export interface Scores extends Readonly<Record<Measure, Shares>> {
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

/** What a measure says of one ranking, 0 to 1; nothing when its question does not ask for that measure. */
export function valueOf(measure: Measure, { question, passages }: Ranking, k: number): number | undefined {
  if (question.kind === 'lines') return measure === 'hit' ? Number(hitAt(question, passages, k)) : undefined;
  if (measure === 'hit') return undefined;
  const recall = recallAt(question.gold, passages, k);
  return measure === 'recall' ? recall : Number(recall === 1);
}

/** A share of 0 to 1 in percent, to hundredths. */
export function percent(share: number): number {
  return Math.round(10_000 * share) / 100;
}

/** The arithmetic mean; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Scores of rankings; a measure that no question asks for has no shares. */
export function scoreRankings(rankings: readonly Ranking[], ks: readonly number[]): Scores {
  const shares = (measure: Measure): Shares => {
    const byK = ks.map((k) => [String(k), rankings.flatMap((ranking) => valueOf(measure, ranking, k) ?? [])] as const);
    return Object.fromEntries(byK.filter(([, values]) => values.length > 0).map(([k, values]) => [k, percent(mean(values))]));
  };
  return { recall: shares('recall'), allGold: shares('allGold'), hit: shares('hit') };
}
