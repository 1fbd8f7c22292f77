import { mean, type Measure, MEASURES, percent, type Ranking, valueOf } from './scores.ts';

/** Two rankings of one question. */
export interface RankingPair {
  readonly ours: Ranking;
  readonly theirs: Ranking;
}

/** One measure of two systems on the same questions; shares in percent. */
export interface PairedDifference {
  readonly questions: number;
  readonly ours: number;
  readonly theirs: number;
  /** Ours minus theirs. */
  readonly difference: number;
  /** Of the difference, over questions; null where fewer than two were asked. */
  readonly standardError: number | null;
  /** Questions on which we do better, worse and alike. */
  readonly better: number;
  readonly worse: number;
  readonly equal: number;
}

/** Paired differences by measure and k. */
export type PairedDifferences = Readonly<Record<Measure, Readonly<Record<string, PairedDifference>>>>;

/** Standard error of the mean of values: their sample standard deviation by the root of their number. */
function standardErrorOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

function differenceOf(values: readonly (readonly [ours: number, theirs: number])[]): PairedDifference {
  const differences = values.map(([ours, theirs]) => ours - theirs);
  const standardError = standardErrorOf(differences);
  return {
    questions: values.length,
    ours: percent(mean(values.map(([ours]) => ours))),
    theirs: percent(mean(values.map(([, theirs]) => theirs))),
    difference: percent(mean(differences)),
    standardError: standardError === null ? null : percent(standardError),
    better: differences.filter((difference) => difference > 0).length,
    worse: differences.filter((difference) => difference < 0).length,
    equal: differences.filter((difference) => difference === 0).length,
  };
}

/** Compares two systems question by question; a measure that no question asks for has no differences. */
export function pairedDifferences(pairs: readonly RankingPair[], ks: readonly number[]): PairedDifferences {
  const valuesOf = (measure: Measure, k: number): (readonly [number, number])[] =>
    pairs.flatMap(({ ours, theirs }) => {
      const [mine, other] = [valueOf(measure, ours, k), valueOf(measure, theirs, k)];
      return mine === undefined || other === undefined ? [] : [[mine, other] as const];
    });
  const byK = (measure: Measure): Record<string, PairedDifference> =>
    Object.fromEntries(ks.flatMap((k) => {
      const values = valuesOf(measure, k);
      return values.length === 0 ? [] : [[String(k), differenceOf(values)] as const];
    }));
  return Object.fromEntries(MEASURES.map((measure) => [measure, byK(measure)])) as PairedDifferences;
}
