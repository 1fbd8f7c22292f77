import { Command, Option, SubCommand } from 'nest-commander';
import { pairSets } from '../evaluation/corpus.ts';
import { EvaluationService } from '../evaluation/evaluation.service.ts';
import type { EvaluationRequest } from '../evaluation/evaluation.types.ts';
import { requireWritable, writeRun } from '../evaluation/stored-run.ts';
import { describeEvaluation } from '../output/evaluation.ts';
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
  readonly compare?: string;
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

  @Option({ flags: '--compare <file>', description: 'compare with rankings that an earlier --run wrote, question by question' })
  parseCompare(value: string): string {
    return nonEmpty('--compare', value);
  }

  override async run(_args: string[], options: EvalOptions): Promise<void> {
    const request = toRequest(options);
    if (options.run !== undefined) await requireWritable(options.run);
    const { report, outcomes } = await this.evaluation.run(request);
    if (options.run !== undefined) await writeRun(options.run, outcomes);
    if (options.json === true) this.terminal.json(report);
    else this.terminal.print(describeEvaluation(report));
  }
}

@Command({ name: 'eval', description: 'measure the quality of retrieval', subCommands: [EvalRetrievalCommand] })
export class EvalCommand extends GroupCommand {}

function toRequest({ corpus, questions, extractions = [], k: ks = [2, 5, 10], limit, compare, dataDir }: EvalOptions): EvaluationRequest {
  if (corpus === undefined || questions === undefined) throw new UsageError('eval retrieval needs --corpus and --questions.');
  return {
    sets: pairSets(corpus, questions, extractions),
    ks,
    ...(limit === undefined ? {} : { limit }),
    ...(compare === undefined ? {} : { compare }),
    ...(dataDir === undefined ? {} : { parent: dataDir }),
  };
}
