import { writeFile } from 'node:fs/promises';
import { Command, Option, SubCommand } from 'nest-commander';
import { pairSets } from '../evaluation/corpus.ts';
import { type EvaluationReport, type EvaluationRequest, EvaluationService } from '../evaluation/evaluation.service.ts';
import type { Ranking, Scores } from '../evaluation/scores.ts';
import { formatTable } from '../output/table.ts';
import { Terminal } from '../output/terminal.ts';
import { UsageError } from '../usage.errors.ts';
import { collect, DataFolderCommand, type DataFolderOptions, nonEmpty, wholeNumber } from './data-folder.command.ts';
import { GroupCommand } from './group.command.ts';

interface EvalOptions extends DataFolderOptions {
  readonly corpus?: readonly string[];
  readonly questions?: readonly string[];
  readonly extractions?: readonly string[];
  readonly k?: readonly number[];
  readonly limit?: number;
  readonly run?: string;
}

@SubCommand({ name: 'retrieval', description: 'measure retrieval on questions whose answers are known, with an index that is removed afterwards' })
export class EvalRetrievalCommand extends DataFolderCommand {
  constructor(
    private readonly evaluation: EvaluationService,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--corpus <path>', description: 'a JSONL file of {id, title, text} or a folder of documents; repeat it to pool sets' })
  parseCorpus(value: string, collected?: readonly string[]): string[] {
    return collect(nonEmpty('--corpus', value), collected);
  }

  @Option({ flags: '--questions <file>', description: 'JSONL with {id, question} and gold, or document and gold_lines; once for each --corpus' })
  parseQuestions(value: string, collected?: readonly string[]): string[] {
    return collect(nonEmpty('--questions', value), collected);
  }

  @Option({ flags: '--extractions <file>', description: 'JSONL of {passage, entities, triples} to take instead of extracting' })
  parseExtractions(value: string, collected?: readonly string[]): string[] {
    return collect(nonEmpty('--extractions', value), collected);
  }

  @Option({ flags: '--k <numbers>', description: 'cut-offs, 1 to 100 (default: 2,5,10)' })
  parseK(value: string): number[] {
    const ks = value.split(',').map((part) => wholeNumber('--k', part.trim(), { min: 1, max: 100 }));
    return [...new Set(ks)].sort((one, other) => one - other);
  }

  @Option({ flags: '--limit <number>', description: 'only the first questions of each set' })
  parseLimit(value: string): number {
    return wholeNumber('--limit', value, { min: 1, max: 1_000_000 });
  }

  @Option({ flags: '--run <file>', description: 'write the rankings there, one JSON line a question' })
  parseRun(value: string): string {
    return nonEmpty('--run', value);
  }

  override async run(_args: string[], options: EvalOptions): Promise<void> {
    const request = toRequest(options);
    const { report, rankings } = await this.evaluation.run(request);
    if (options.run !== undefined) await writeFile(options.run, runLines(rankings));
    if (options.json === true) this.terminal.json(report);
    else this.terminal.print(describe(report, request.ks));
  }
}

@Command({ name: 'eval', description: 'measure the quality of retrieval', subCommands: [EvalRetrievalCommand] })
export class EvalCommand extends GroupCommand {}

function toRequest({ corpus, questions, extractions = [], k: ks = [2, 5, 10], limit, dataDir }: EvalOptions): EvaluationRequest {
  if (corpus === undefined || questions === undefined) throw new UsageError('eval retrieval needs --corpus and --questions.');
  return {
    sets: pairSets(corpus, questions, extractions),
    ks,
    ...(limit === undefined ? {} : { limit }),
    ...(dataDir === undefined ? {} : { parent: dataDir }),
  };
}

function runLines(rankings: readonly Ranking[]): string {
  return rankings.map(({ question, passages }) => `${JSON.stringify({ id: question.id, passages })}\n`).join('');
}

type Measure = keyof Scores;
const MEASURES = ['recall', 'allGold', 'hit'] as const satisfies readonly Measure[];

function describe(report: EvaluationReport, ks: readonly number[]): string {
  const rows = MEASURES.flatMap((measure) =>
    ks
      .filter((k) => report[measure][String(k)] !== undefined)
      .map((k) => ({ name: `${measure}@${String(k)}`, found: report[measure][String(k)] ?? 0, lexical: report.lexical[measure][String(k)] ?? 0 })),
  );
  const table = formatTable(rows, [
    { title: '', value: (row) => row.name },
    { title: 'all stages %', value: (row) => row.found.toFixed(2), align: 'right' },
    { title: 'lexical alone %', value: (row) => row.lexical.toFixed(2), align: 'right' },
  ]);
  const { p50, p95, p99 } = report.latencyMs;
  return [
    `${String(report.questions)} questions on ${String(report.passages)} passages of ${String(report.meanPassageTokens)} tokens on average (${report.store})`,
    table,
    `latency ms: p50 ${String(p50)}, p95 ${String(p95)}, p99 ${String(p99)}`,
    `indexed in ${String(report.indexSeconds)} s with ${String(report.modelCalls)} model calls`,
  ].join('\n');
}
