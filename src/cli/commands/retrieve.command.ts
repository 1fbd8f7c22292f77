import { Command, Option } from 'nest-commander';
import { RetrievalService } from '../../retrieval/retrieval.service.ts';
import { toldUsage, toldWarnings } from '../../retrieval/retrieval.types.ts';
import { Applications } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { describePassages } from '../output/passages.ts';
import { Terminal } from '../output/terminal.ts';
import { requireWorkspace } from '../workspaces.ts';
import { WorkspaceCommand, type WorkspaceOptions, wholeNumber } from './data-folder.command.ts';

interface RetrieveOptions extends WorkspaceOptions {
  readonly k?: number;
}

@Command({ name: 'retrieve', arguments: '<query>', description: 'find the passages for a question, and say why each was found' })
export class RetrieveCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '-k <number>', description: 'passages wanted, 1 to 100 (default: 8)' })
  parseK(value: string): number {
    return wholeNumber('-k', value, { min: 1, max: 100 });
  }

  override async run([query = '']: string[], options: RetrieveOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const service = app.get(RetrievalService, { strict: false });
      const { k = 8 } = options;
      const { passages, timings, usage, warnings } = await service.retrieve({ workspace, query, k, signal: this.interruption.signal });
      for (const warning of warnings) this.terminal.note(warning);
      if (options.json === true) this.terminal.json({ passages, timings, ...toldUsage(usage), ...toldWarnings(warnings) });
      else this.terminal.print(describePassages(passages, this.terminal.width));
    });
  }
}
