import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'nest-commander';
import { WorkspaceService } from '../../graph/workspace.service.ts';
import { IngestionService } from '../../ingestion/ingestion.service.ts';
import type { IngestReport, Source } from '../../ingestion/ingestion.types.ts';
import { Applications, type Overrides } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { describeIngestion } from '../output/ingestion.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { Terminal } from '../output/terminal.ts';
import { type IngestSelection, selectSources } from '../sources/select-sources.ts';
import { StdinSpool } from '../sources/stdin-spool.ts';
import { UsageError } from '../usage.errors.ts';
import { collect, nonEmpty, wholeNumber, WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';

interface IngestOptions extends WorkspaceOptions, Omit<IngestSelection, 'paths'> {
  readonly extractions?: string;
  readonly extractor?: Extractor;
  readonly maxConcurrent?: string;
  readonly batchSize?: string;
  readonly prune?: boolean;
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

  override async run(paths: string[], options: IngestOptions): Promise<void> {
    const spool = new StdinSpool();
    const sources = selectSources({ ...options, paths }, () => spool.source(this.interruption.signal));
    try {
      await this.applications.use(overridesOf(options), async (app) => {
        this.tell(await this.ingest(app, sources, options), options.json === true);
      });
    } finally {
      await spool.remove();
    }
  }

  private tell(report: IngestReport, json: boolean): void {
    if (json) this.terminal.json(report);
    else this.terminal.print(describeIngestion(report));
    for (const warning of report.warnings) this.terminal.note(warning);
    if (report.totals.failed > 0) process.exitCode = 1;
  }

  private async ingest(app: INestApplicationContext, sources: AsyncIterable<Source>, { workspace, extractions, extractor, prune = false }: IngestOptions): Promise<IngestReport> {
    const bar = new ProgressBar(this.terminal);
    try {
      return await app.get(IngestionService, { strict: false }).ingest({
        workspace: await app.get(WorkspaceService, { strict: false }).findOrCreate(workspace),
        sources,
        prune,
        signal: this.interruption.signal,
        onProgress: (progress) => { bar.update(progress); },
        ...(extractor === undefined ? {} : { extractor }),
        ...(extractions === undefined ? {} : { extractionsFile: extractions }),
      });
    } finally {
      bar.stop();
    }
  }
}

function overridesOf({ dataDir, maxConcurrent, batchSize }: IngestOptions): Overrides {
  return { DATA_DIR: dataDir, INGEST_MAX_CONCURRENT: maxConcurrent, INGEST_WORKERS: maxConcurrent, INGEST_BATCH_SIZE: batchSize };
}
