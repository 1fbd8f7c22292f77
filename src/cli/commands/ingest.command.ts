import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'nest-commander';
import { WorkspaceService } from '../../graph/workspace.service.ts';
import { IngestionService } from '../../ingestion/ingestion.service.ts';
import type { IngestReport } from '../../ingestion/ingestion.types.ts';
import { Applications } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { describeIngestion } from '../output/ingestion.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { Terminal } from '../output/terminal.ts';
import { type IngestSelection, selectSources } from '../sources/select-sources.ts';
import { collect, nonEmpty, WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';

interface IngestOptions extends WorkspaceOptions, Omit<IngestSelection, 'paths'> {
  readonly extractions?: string;
}

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

  @Option({ flags: '--extractions <file>', description: 'JSONL of {passage, entities, triples} to take instead of extracting' })
  parseExtractions(value: string): string {
    return nonEmpty('--extractions', value);
  }

  override async run(paths: string[], options: IngestOptions): Promise<void> {
    const sources = selectSources({ ...options, paths });
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const report = await this.ingest(app, sources, options);
      if (options.json === true) this.terminal.json(report);
      else this.terminal.print(describeIngestion(report));
      for (const warning of report.warnings) this.terminal.note(warning);
      if (report.totals.failed > 0) process.exitCode = 1;
    });
  }

  private async ingest(app: INestApplicationContext, sources: ReturnType<typeof selectSources>, options: IngestOptions): Promise<IngestReport> {
    const bar = new ProgressBar(this.terminal);
    const { extractions } = options;
    try {
      return await app.get(IngestionService, { strict: false }).ingest({
        workspace: await app.get(WorkspaceService, { strict: false }).findOrCreate(options.workspace),
        sources,
        signal: this.interruption.signal,
        onProgress: (progress) => { bar.update(progress); },
        ...(extractions === undefined ? {} : { extractionsFile: extractions }),
      });
    } finally {
      bar.stop();
    }
  }
}
