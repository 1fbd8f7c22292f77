import type { Overrides } from '../applications.ts';
import type { Percentiles } from '../measure/percentiles.ts';
import type { StageTimes } from '../measure/stage-times.ts';
import type { EvaluationSet } from './corpus.ts';
import type { PairedDifferences } from './paired-difference.ts';
import type { PassageCensus } from './passage-census.ts';
import type { Question } from './question-set.ts';
import type { Ranking, Scores } from './scores.ts';

/** What to evaluate. */
export interface EvaluationRequest {
  readonly sets: readonly EvaluationSet[];
  /** Rising, each 1 to 100. */
  readonly ks: readonly number[];
  /** Only the first questions of each set. */
  readonly limit?: number;
  /** A file of rankings to compare with. */
  readonly compare?: string;
  /** Questions asked before time is taken; 100 if not given. */
  readonly warmUp?: number;
  /** Where the throw-away data folder is made. */
  readonly parent?: string;
  readonly overrides?: Overrides;
}

/** A question that is asked, and the set it is of. */
export interface SetQuestion {
  readonly question: Question;
  /** The set's prefix. */
  readonly prefix: string;
}

/** The measures of the whole chain, and beside them what less would give on the same passages. */
export interface ScoresBeside extends Scores {
  readonly questions: number;
  /** The same measures for the lexical stage alone. */
  readonly lexical: Scores;
  /** The same measures for plain BM25 over the same passages; left out where they are too many for it. */
  readonly bm25?: Scores;
}

/** How the rankings stand beside those of a file. */
export interface ComparisonReport extends PairedDifferences {
  readonly file: string;
  /** Questions with a ranking on both sides; all figures are over these. */
  readonly questions: number;
  /** Ids of questions that were asked and have no ranking in the file. */
  readonly missingThere: readonly string[];
  /** Ids of rankings in the file whose question was not asked. */
  readonly missingHere: readonly string[];
}

/** What `eval retrieval` prints; shares in percent. */
export interface EvaluationReport extends ScoresBeside, PassageCensus {
  readonly store: string;
  /** The figures of each set by itself, by the set's name, where several are pooled. */
  readonly sets?: Readonly<Record<string, ScoresBeside>>;
  readonly compare?: ComparisonReport;
  /** Of whole questions, warm, one at a time, in milliseconds. */
  readonly latencyMs: Percentiles;
  /** Of each stage of the same questions. */
  readonly stagesMs: StageTimes;
  readonly indexSeconds: number;
  readonly modelCalls: number;
}

/** What came of one question. */
export interface Outcome extends SetQuestion, Ranking {
  readonly question: Question;
  readonly lexical: Ranking['passages'];
  readonly bm25?: Ranking['passages'];
}

/** The report, and the rankings it stands on. */
export interface EvaluationResult {
  readonly report: EvaluationReport;
  readonly outcomes: readonly Outcome[];
}
