import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, Option } from 'nest-commander';
import { describeError } from '../../common/errors/describe-error.ts';
import { workersFor } from '../../config/ingestion.config.ts';
import type { Source } from '../../ingestion/ingestion.types.ts';
import { Applications, type Overrides } from '../applications.ts';
import { IngestRuns } from '../ingest-runs.ts';
import { Interruption } from '../interruption.ts';
import { Terminal } from '../output/terminal.ts';
import { proposeMappingFile } from '../propose-mapping-file.ts';
import { type IngestSelection, selectSources, STDIN } from '../sources/select-sources.ts';
import { isLargeInput, keepHeapSmall } from '../small-heap.ts';
import { StdinSpool } from '../sources/stdin-spool.ts';
import { UsageError } from '../usage.errors.ts';
import { collect, nonEmpty, wholeNumber, WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';

interface IngestOptions extends WorkspaceOptions, Omit<IngestSelection, 'paths'> {
  readonly extractions?: string;
  readonly extractor?: Extractor;
  readonly maxConcurrent?: string;
  readonly batchSize?: string;
  readonly prune?: boolean;
  readonly resolve?: boolean;
  readonly mapping?: string;
  readonly proposeMapping?: boolean;
  readonly limit?: number;
  readonly dryRun?: boolean;
  readonly outputDir?: string;
  readonly logFile?: string;
}

const EXTRACTORS = ['rules', 'model'] as const;
type Extractor = (typeof EXTRACTORS)[number];
const AT_ONCE = { min: 1, max: 50 };

@Command({
  name: 'ingest',
  arguments: '[path...]',
  description: 'read files, folders or - (stdin) into a workspace, which is made when it is missing',
})
export class IngestCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--include <glob>', description: 'of folders only files like this (name, or path with a slash); may be repeated' })
  parseInclude(value: string, collected?: readonly string[]): string[] {
    return collect(nonEmpty('--include', value), collected);
  }

  @Option({ flags: '--exclude <glob>', description: 'of folders no files like this; may be repeated' })
  parseExclude(value: string, collected?: readonly string[]): string[] {
    return collect(nonEmpty('--exclude', value), collected);
  }

  @Option({ flags: '--transcripts-dir <dir>', description: 'a folder of transcripts: its .txt, .vtt, .srt and .json files' })
  parseTranscriptsDir(value: string): string {
    return nonEmpty('--transcripts-dir', value);
  }

  @Option({ flags: '--id <id>', description: "the document's name in the workspace, when a single file or - is given" })
  parseId(value: string): string {
    return nonEmpty('--id', value);
  }

  @Option({ flags: '--charset <label>', description: 'how files without a byte order mark are encoded (default: utf-8)' })
  parseCharset(value: string): string {
    return nonEmpty('--charset', value);
  }

  @Option({ flags: '--prune', description: 'remove documents of the workspace that are not among what is read now; not if something failed' })
  parsePrune(): boolean {
    return true;
  }

  @Option({ flags: '--resolve', description: 'find out afterwards which entities of the workspace are one, as the command resolve does' })
  parseResolve(): boolean {
    return true;
  }

  @Option({ flags: '--extractions <file>', description: 'JSONL of {passage, entities, triples} to take instead of extracting' })
  parseExtractions(value: string): string {
    return nonEmpty('--extractions', value);
  }

  @Option({ flags: '--extractor <kind>', description: 'rules or model (default: INGEST_EXTRACTOR, else model where one is configured)' })
  parseExtractor(value: string): Extractor {
    const extractor = EXTRACTORS.find((known) => known === value);
    if (extractor === undefined) throw new UsageError(`--extractor is ${EXTRACTORS.join(' or ')}, not "${value}".`);
    return extractor;
  }

  @Option({ flags: '--max-concurrent <number>', description: 'calls to the model at once, 1 to 50 (default: INGEST_MAX_CONCURRENT, else 20)' })
  parseMaxConcurrent(value: string): string {
    return String(wholeNumber('--max-concurrent', value, AT_ONCE));
  }

  @Option({ flags: '--batch-size <number>', description: 'chunks in one call to the model, 1 to 50 (default: INGEST_BATCH_SIZE, else 10)' })
  parseBatchSize(value: string): string {
    return String(wholeNumber('--batch-size', value, AT_ONCE));
  }

  @Option({ flags: '--mapping <file>', description: 'what the columns of tables and the fields of JSON mean; each row is a document then' })
  parseMapping(value: string): string {
    return nonEmpty('--mapping', value);
  }

  @Option({ flags: '--propose-mapping', description: 'write a mapping of the one table given, to edit (to --mapping, else beside where you are), and do nothing else' })
  parseProposeMapping(): boolean {
    return true;
  }

  @Option({ flags: '--limit <number>', description: 'take only so many chunks, to see how it goes' })
  parseLimit(value: string): number {
    return wholeNumber('--limit', value, { min: 1, max: 1_000_000_000 });
  }

  @Option({ flags: '--dry-run', description: 'say how many chunks, calls, tokens, dollars and seconds it would take, and do nothing' })
  parseDryRun(): boolean {
    return true;
  }

  @Option({ flags: '--output-dir <dir>', description: 'a folder for metrics.json, metrics.csv and report.md with a plot' })
  parseOutputDir(value: string): string {
    return nonEmpty('--output-dir', value);
  }

  @Option({ flags: '--log-file <file>', description: 'a file that gets the log too, in lines of JSON' })
  parseLogFile(value: string): string {
    return nonEmpty('--log-file', value);
  }

  override async run(paths: string[], options: IngestOptions): Promise<void> {
    if (options.limit !== undefined && options.prune === true) throw new UsageError('--limit and --prune do not go together: what was not read would be removed.');
    if (options.proposeMapping === true) {
      await proposeMappingFile(paths, options.mapping, this.terminal);
      return;
    }
    const spool = new StdinSpool();
    const select = (): AsyncIterable<Source> => selectSources({ ...options, paths }, () => spool.source(this.interruption.signal));
    const sources = select();
    keepHeapSmall({ isLarge: paths.includes(STDIN) || (await isLargeInput(select())) });
    const logFile = options.logFile === undefined ? undefined : openLogFile(options.logFile);
    const request = { ...options, sources, signal: this.interruption.signal };
    const runs = new IngestRuns(this.terminal);
    try {
      await this.applications.use(overridesOf(options), (app) => (options.dryRun === true ? runs.estimate(app, request) : runs.ingest(app, request)), logFile);
    } finally {
      await spool.remove();
      if (logFile !== undefined) closeSync(logFile);
    }
  }
}

/** @throws UsageError when it cannot be written */
function openLogFile(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a');
  } catch (error) {
    throw new UsageError(`--log-file cannot be written: ${describeError(error)}`);
  }
}

function overridesOf({ dataDir, maxConcurrent, batchSize }: IngestOptions): Overrides {
  const workers = maxConcurrent === undefined ? undefined : String(workersFor(Number(maxConcurrent)));
  return { DATA_DIR: dataDir, INGEST_MAX_CONCURRENT: maxConcurrent, INGEST_WORKERS: workers, INGEST_BATCH_SIZE: batchSize };
}
