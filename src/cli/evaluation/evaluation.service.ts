import { Injectable } from '@nestjs/common';
import { PassageIndex } from '../../graph/passage-index.port.ts';
import { RetrievalService } from '../../retrieval/retrieval.service.ts';
import type { RetrievalResult } from '../../retrieval/retrieval.types.ts';
import { Applications } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { type Percentiles, percentilesOf } from '../measure/percentiles.ts';
import { Terminal } from '../output/terminal.ts';
import type { EvaluationSet } from './corpus.ts';
import { countPassages } from './passage-census.ts';
import { type Question, readQuestions } from './question-set.ts';
import { type FoundPassage, type Ranking, type Scores, scoreRankings } from './scores.ts';
import { type ThrowAwayIndex, ThrowAwayIndexes } from './throw-away-index.ts';

/** What to evaluate. */
export interface EvaluationRequest {
  readonly sets: readonly EvaluationSet[];
  /** Rising, each 1 to 100. */
  readonly ks: readonly number[];
  /** Only the first questions of each set. */
  readonly limit?: number;
  /** Where the throw-away data folder is made. */
  readonly parent?: string;
}

/** What `eval retrieval` prints; shares in percent. */
export interface EvaluationReport extends Scores {
  readonly store: string;
  readonly questions: number;
  /** The same measures for the lexical stage alone. */
  readonly lexical: Scores;
  /** Of whole questions, warm, one at a time, in milliseconds. */
  readonly latencyMs: Percentiles;
  readonly passages: number;
  readonly meanPassageTokens: number;
  readonly indexSeconds: number;
  readonly modelCalls: number;
}

/** The report, and the rankings it stands on. */
export interface EvaluationResult {
  readonly report: EvaluationReport;
  readonly rankings: readonly Ranking[];
}

/** Questions asked before time is taken, so that files, statements and code are warm. */
const WARM_UP = 100;

interface Asked {
  readonly rankings: readonly Ranking[];
  readonly lexical: readonly Ranking[];
  readonly latencies: readonly number[];
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
    const questions = await readAllQuestions(request.sets, request.limit);
    return this.indexes.use(request, async (index) => {
      const asked = await this.ask(index, questions, request.ks);
      const census = await countPassages(index.app, index.workspace);
      const report = {
        store: this.applications.settings({}).store.kind,
        questions: questions.length,
        ...scoreRankings(asked.rankings, request.ks),
        lexical: scoreRankings(asked.lexical, request.ks),
        latencyMs: percentilesOf(asked.latencies),
        ...census,
        indexSeconds: index.report.seconds,
        modelCalls: index.report.modelCalls,
      };
      return { report, rankings: asked.rankings };
    });
  }

  private async ask(index: ThrowAwayIndex, questions: readonly Question[], ks: readonly number[]): Promise<Asked> {
    const k = Math.max(...ks);
    const warnings = new Set<string>();
    for (const { question } of questions.slice(0, WARM_UP)) await this.retrieve(index, question, k);
    const asked = { rankings: [] as Ranking[], lexical: [] as Ranking[], latencies: [] as number[] };
    for (const question of questions) {
      const start = performance.now();
      const result = await this.retrieve(index, question.question, k);
      asked.latencies.push(performance.now() - start);
      asked.rankings.push({ question, passages: result.passages.map(toFound) });
      asked.lexical.push({ question, passages: await lexicalRanking(index, result) });
      for (const warning of result.warnings) warnings.add(warning);
    }
    for (const warning of warnings) this.terminal.note(warning);
    return asked;
  }

  private retrieve(index: ThrowAwayIndex, query: string, k: number): Promise<RetrievalResult> {
    const { signal } = this.interruption;
    signal.throwIfAborted();
    return index.app.get(RetrievalService, { strict: false }).retrieve({ workspace: index.workspace, query, k, signal });
  }
}

async function readAllQuestions(sets: readonly EvaluationSet[], limit?: number): Promise<Question[]> {
  const lists: Question[][] = [];
  for (const set of sets) lists.push(await readQuestions(set.questions, set.prefix, limit));
  return lists.flat();
}

async function lexicalRanking({ app, workspace }: ThrowAwayIndex, result: RetrievalResult): Promise<FoundPassage[]> {
  const passages = await app.get(PassageIndex, { strict: false }).passages(workspace, result.lexical);
  return passages.map(toFound);
}

function toFound({ externalId, lines }: FoundPassage): FoundPassage {
  return lines === undefined ? { externalId } : { externalId, lines };
}
