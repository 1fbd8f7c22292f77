import { Command, Option } from 'nest-commander';
import { ReindexService } from '../../ingestion/reindex.service.ts';
import { Applications } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { describeIngestion } from '../output/ingestion.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { Terminal } from '../output/terminal.ts';
import { requireWorkspace } from '../workspaces.ts';
import { WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';

interface ReindexOptions extends WorkspaceOptions {
  readonly upgrade?: boolean;
}

@Command({
  name: 'reindex',
  description: 'make the vectors of a workspace anew, after a change of the embedding model or its dimensions; sources are not needed',
})
export class ReindexCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--upgrade', description: 'instead ask the extraction model about documents that were extracted by rules, as when it was away' })
  parseUpgrade(): boolean {
    return true;
  }

  override async run(_args: string[], options: ReindexOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const service = app.get(ReindexService, { strict: false });
      const bar = new ProgressBar(this.terminal);
      const request = { workspace, signal: this.interruption.signal, onProgress: bar.update.bind(bar) };
      try {
        if (options.upgrade === true) {
          const report = await service.upgrade(request);
          if (options.json === true) this.terminal.json(report);
          else this.terminal.print(describeIngestion(report));
          for (const warning of report.warnings) this.terminal.note(warning);
        } else {
          const report = await service.renewVectors(request);
          if (options.json === true) this.terminal.json(report);
          else this.terminal.print(`Made the vectors of ${String(report.passages)} passages anew, in ${String(report.modelCalls)} calls and ${report.seconds.toFixed(1)} s.`);
        }
      } finally {
        bar.stop();
      }
    });
  }
}
