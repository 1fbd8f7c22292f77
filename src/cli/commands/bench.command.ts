import { Command, Option } from 'nest-commander';
import { type BenchReport, benchReport, describeMachine, writeReport } from '../bench/bench-report.ts';
import type { Benchmark, BenchmarkRequest } from '../bench/benchmark.types.ts';
import { Benchmarks } from '../bench/benchmarks.ts';
import { pairSets } from '../evaluation/corpus.ts';
import { columnsOf } from '../output/csv.ts';
import { formatTable } from '../output/table.ts';
import { Terminal } from '../output/terminal.ts';
import { UsageError } from '../usage.errors.ts';
import { collect, DataFolderCommand, type DataFolderOptions, nonEmpty, wholeNumber } from './data-folder.command.ts';

const MODES = ['sequential', 'concurrent'] as const;
type Mode = (typeof MODES)[number];

interface BenchOptions extends DataFolderOptions {
  readonly corpus?: readonly string[];
  readonly questions?: readonly string[];
  readonly mode?: Mode;
  readonly concurrency?: number;
  readonly seconds?: number;
  readonly sizes?: readonly number[];
  readonly out?: string;
}

@Command({ name: 'bench', arguments: '<name>', description: 'measure speed: retrieve, chat, ingest, grow or graph-fetch, on an index that is removed afterwards' })
export class BenchCommand extends DataFolderCommand {
  constructor(
    private readonly benchmarks: Benchmarks,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--corpus <path>', description: 'a JSONL file of {id, title, text} or a folder of documents; may be repeated' })
  parseCorpus(value: string, collected?: readonly string[]): string[] {
    return collect(nonEmpty('--corpus', value), collected);
  }

  @Option({ flags: '--questions <file>', description: 'JSONL of questions, once for each --corpus (not for ingest)' })
  parseQuestions(value: string, collected?: readonly string[]): string[] {
    return collect(nonEmpty('--questions', value), collected);
  }

  @Option({ flags: '--mode <mode>', description: 'sequential: one caller; concurrent: several (default: what the benchmark is about)' })
  parseMode(value: string): Mode {
    const mode = MODES.find((known) => known === value);
    if (mode === undefined) throw new UsageError(`--mode is ${MODES.join(' or ')}, not "${value}".`);
    return mode;
  }

  @Option({ flags: '--concurrency <number>', description: 'callers at once, 1 to 1000' })
  parseConcurrency(value: string): number {
    return wholeNumber('--concurrency', value, { min: 1, max: 1000 });
  }

  @Option({ flags: '--seconds <number>', description: 'how long chat is measured (default: 60)' })
  parseSeconds(value: string): number {
    return wholeNumber('--seconds', value, { min: 1, max: 86_400 });
  }

  @Option({ flags: '--sizes <numbers>', description: 'passages at which grow measures, e.g. 10000,100000,1000000 (default: 10000,100000)' })
  parseSizes(value: string): number[] {
    const sizes = value.split(',').map((part) => wholeNumber('--sizes', part.trim(), { min: 1, max: 100_000_000 }));
    return [...new Set(sizes)].sort((one, other) => one - other);
  }

  @Option({ flags: '--out <dir>', description: 'write the figures there as CSV and JSON, and those of grow and graph-fetch as a plot (SVG)' })
  parseOut(value: string): string {
    return nonEmpty('--out', value);
  }

  override async run([name = '']: string[], options: BenchOptions): Promise<void> {
    const benchmark = this.benchmarks.all.find((known) => known.name === name);
    if (benchmark === undefined) throw new UsageError(`There is no benchmark "${name}"; there are ${this.benchmarks.all.map((known) => known.name).join(', ')}.`);
    const report = benchReport(name, await benchmark.run(toRequest(benchmark, options)));
    if (options.out !== undefined) await writeReport(options.out, report, benchmark.plot?.(report.rows, describeMachine(report)));
    if (options.json === true) this.terminal.json(report);
    else this.terminal.print(describe(report));
  }
}

function toRequest(benchmark: Benchmark, { corpus, questions, seconds = 60, sizes = [10_000, 100_000], dataDir, ...load }: BenchOptions): BenchmarkRequest {
  if (corpus === undefined) throw new UsageError(`bench ${benchmark.name} needs --corpus.`);
  if (benchmark.needsQuestions && questions === undefined) throw new UsageError(`bench ${benchmark.name} needs --questions.`);
  return {
    sets: pairSets(corpus, questions ?? corpus.map(() => ''), []),
    concurrency: concurrencyOf(benchmark, load),
    seconds,
    sizes,
    ...(dataDir === undefined ? {} : { parent: dataDir }),
  };
}

function concurrencyOf(benchmark: Benchmark, { mode, concurrency }: Pick<BenchOptions, 'mode' | 'concurrency'>): readonly number[] {
  if (mode === 'sequential') return [1];
  if (concurrency !== undefined) return [concurrency];
  return mode === 'concurrent' ? [Math.max(...benchmark.defaultConcurrency)] : benchmark.defaultConcurrency;
}

function describe(report: BenchReport): string {
  const { name, rows } = report;
  const columns = columnsOf(rows).map((column) => ({ title: column, value: (row: BenchReport['rows'][number]) => row[column] ?? '', align: 'right' as const }));
  return [`${name} on ${describeMachine(report)}`, formatTable(rows, columns)].join('\n');
}
