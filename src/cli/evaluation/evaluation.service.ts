import { Injectable } from '@nestjs/common';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { Applications } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { percentilesOf } from '../measure/percentiles.ts';
import { stageTimes } from '../measure/stage-times.ts';
import { Terminal } from '../output/terminal.ts';
import type { ComparisonReport, EvaluationReport, EvaluationRequest, EvaluationResult, Outcome, ScoresBeside, SetQuestion } from './evaluation.types.ts';
import { checkGold } from './gold-check.ts';
import { pairedDifferences } from './paired-difference.ts';
import { MAX_YARDSTICK_PASSAGES, type PassageSurvey, surveyPassages } from './passage-census.ts';
import { Questioner } from './questioner.ts';
import { readQuestions } from './question-set.ts';
import { scoreRankings } from './scores.ts';
import { type MatchedRun, matchRun, readRun } from './stored-run.ts';
import { type ThrowAwayIndex, ThrowAwayIndexes } from './throw-away-index.ts';

const WARM_UP = 100;

/** A file to compare with, laid beside the questions. */
interface Comparison extends MatchedRun {
  readonly file: string;
}

/** Measures retrieval on questions whose answers are known. */
@Injectable()
export class EvaluationService {
  constructor(
    private readonly applications: Applications,
    private readonly indexes: ThrowAwayIndexes,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {}

  /** @throws EvaluationError for files that cannot be used, before anything is indexed */
  async run(request: EvaluationRequest): Promise<EvaluationResult> {
    const questions = await readAllQuestions(request);
    const comparison = request.compare === undefined ? undefined : await this.readComparison(request.compare, questions, request.ks);
    return this.indexes.use(request, (index) => this.evaluate(index, request, { questions, comparison }));
  }

  private async readComparison(file: string, questions: readonly SetQuestion[], ks: readonly number[]): Promise<Comparison> {
    const matched = matchRun(file, await readRun(file), questions);
    const unfair = ks.filter((k) => k > matched.longest);
    if (unfair.length > 0) {
      this.terminal.note(`${file} has at most ${String(matched.longest)} passages a question, so it is behind at ${unfair.map(String).join(', ')} for that alone.`);
    }
    return { ...matched, file };
  }

  private async evaluate(
    index: ThrowAwayIndex,
    { sets, ks, warmUp = WARM_UP, overrides = {} }: EvaluationRequest,
    { questions, comparison }: { readonly questions: readonly SetQuestion[]; readonly comparison: Comparison | undefined },
  ): Promise<EvaluationResult> {
    const k = Math.max(...ks);
    const note = await checkGold(index.app.get(PassageIndex, { strict: false }), index.workspace, questions);
    if (note !== undefined) this.terminal.note(note);
    const answered = await new Questioner(index, this.terminal, this.interruption.signal).ask(questions, { k, warmUp });
    const survey = await this.survey(index);
    const outcomes = answered.map((each): Outcome => ({ ...each, ...(survey.yardstick === undefined ? {} : { bm25: survey.yardstick(each.question.question, k) }) }));
    const report: EvaluationReport = {
      store: this.applications.settings(overrides).store.kind,
      ...scoresBeside(outcomes, ks),
      ...(sets.length > 1 ? { sets: bySet(outcomes, sets, ks) } : {}),
      ...(comparison === undefined ? {} : { compare: compare(outcomes, comparison, ks) }),
      latencyMs: percentilesOf(answered.map(({ latencyMs }) => latencyMs)),
      stagesMs: stageTimes(answered.map(({ timings }) => timings)),
      ...survey.census,
      indexSeconds: index.report.seconds,
      modelCalls: index.report.modelCalls,
    };
    return { report, outcomes };
  }

  private async survey({ app, workspace }: ThrowAwayIndex): Promise<PassageSurvey> {
    const survey = await surveyPassages(app, workspace);
    if (survey.yardstick === undefined) {
      this.terminal.note(`Plain BM25 is left out: ${String(survey.census.passages)} passages are more than ${String(MAX_YARDSTICK_PASSAGES)}.`);
    }
    return survey;
  }
}

async function readAllQuestions({ sets, limit }: EvaluationRequest): Promise<SetQuestion[]> {
  const all: SetQuestion[] = [];
  for (const { questions, prefix } of sets) {
    for (const question of await readQuestions(questions, prefix, limit)) all.push({ question, prefix });
  }
  return all;
}

function scoresBeside(outcomes: readonly Outcome[], ks: readonly number[]): ScoresBeside {
  const beside = (of: (outcome: Outcome) => Outcome['passages']): ReturnType<typeof scoreRankings> =>
    scoreRankings(outcomes.map((outcome) => ({ question: outcome.question, passages: of(outcome) })), ks);
  return {
    questions: outcomes.length,
    ...scoreRankings(outcomes, ks),
    lexical: beside(({ lexical }) => lexical),
    ...(outcomes.some(({ bm25 }) => bm25 !== undefined) ? { bm25: beside(({ bm25 = [] }) => bm25) } : {}),
  };
}

function bySet(outcomes: readonly Outcome[], sets: EvaluationRequest['sets'], ks: readonly number[]): Record<string, ScoresBeside> {
  return Object.fromEntries(
    sets.map(({ prefix }) => [prefix.replace(/\/$/, ''), scoresBeside(outcomes.filter((outcome) => outcome.prefix === prefix), ks)]),
  );
}

function compare(outcomes: readonly Outcome[], { file, passages, notAsked }: Comparison, ks: readonly number[]): ComparisonReport {
  const pairs = outcomes.flatMap((ours, i) => {
    const theirs = passages[i];
    return theirs === undefined ? [] : [{ ours, theirs: { question: ours.question, passages: theirs } }];
  });
  const missingThere = outcomes.filter((_, i) => passages[i] === undefined).map(({ question }) => question.id);
  return { file, questions: pairs.length, missingThere, missingHere: notAsked, ...pairedDifferences(pairs, ks) };
}
