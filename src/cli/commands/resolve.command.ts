import type { INestApplicationContext } from '@nestjs/common';
import { Command, Option } from 'nest-commander';
import type { Workspace } from '../../graph/graph.types.ts';
import { ResolutionService } from '../../ingestion/resolution/resolution.service.ts';
import { Applications } from '../applications.ts';
import { Interruption } from '../interruption.ts';
import { describeResolution, describeResolved } from '../output/resolution.ts';
import { Terminal } from '../output/terminal.ts';
import { resolveEntities } from '../resolution-run.ts';
import { UsageError } from '../usage.errors.ts';
import { requireWorkspace } from '../workspaces.ts';
import { nonEmpty, WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';

interface ResolveOptions extends WorkspaceOptions {
  readonly dryRun?: boolean;
  readonly list?: boolean;
  readonly undo?: string;
}

const ALL = 'all';

@Command({
  name: 'resolve',
  description: 'find out which entities are one under several names and which persons share one; RESOLUTION_MODEL, if set, is asked about what rules leave open',
})
export class ResolveCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--dry-run', description: 'tell what would be merged, ask no model and change nothing' })
  parseDryRun(): boolean {
    return true;
  }

  @Option({ flags: '--list', description: 'list what was merged and who was told apart, and why' })
  parseList(): boolean {
    return true;
  }

  @Option({ flags: '--undo <id>', description: `take a merge back and keep the two apart from then on, or make namesakes one again for good: an id that --list shows; or "${ALL}" of them` })
  parseUndo(value: string): string {
    return nonEmpty('--undo', value);
  }

  override async run(_args: string[], options: ResolveOptions): Promise<void> {
    if ([options.dryRun, options.list, options.undo].filter((each) => each !== undefined).length > 1) throw new UsageError('Give one of --dry-run, --list and --undo.');
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const service = app.get(ResolutionService, { strict: false });
      if (options.list === true) this.#tell(options, { merges: await service.made(workspace), namesakes: await service.namesakes(workspace) }, describeResolved);
      else if (options.undo === undefined) await this.#resolve(app, workspace, options);
      else await this.#undo(service, workspace, options);
    });
  }

  async #resolve(app: INestApplicationContext, workspace: Workspace, options: ResolveOptions): Promise<void> {
    const { dryRun = false } = options;
    const report = await resolveEntities(app, this.terminal, { workspace, dryRun, signal: this.interruption.signal });
    this.#tell(options, report, (each) => describeResolution(each, dryRun));
  }

  async #undo(service: ResolutionService, workspace: Workspace, options: ResolveOptions): Promise<void> {
    if (options.undo === ALL) {
      this.#tell(options, { undone: await service.undoAll(workspace) }, ({ undone }) => `Took ${String(undone)} findings back.`);
      return;
    }
    const id = options.undo ?? '';
    if ((await service.namesakes(workspace)).some((each) => each.id === id)) {
      this.#tell(options, await service.makeOne(workspace, id), ({ name }) => `"${name}" is one person again, and stays so.`);
      return;
    }
    const merge = await service.undo(workspace, id);
    this.#tell(options, merge, ({ name, intoName }) => `"${name}" and "${intoName}" are two again, and stay so.`);
  }

  #tell<T>(options: ResolveOptions, value: T, described: (value: T) => string): void {
    if (options.json === true) this.terminal.json(value);
    else this.terminal.print(described(value));
  }
}
