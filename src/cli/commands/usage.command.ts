import { Command } from 'nest-commander';
import { shownUsage, UsageLedger } from '../../models/ledger/usage-ledger.service.ts';
import type { UsageView } from '../../models/ledger/usage.types.ts';
import { Applications } from '../applications.ts';
import { formatTable } from '../output/table.ts';
import { Terminal } from '../output/terminal.ts';
import { requireWorkspace } from '../workspaces.ts';
import { WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';

function table(lines: readonly UsageView[]): string {
  return formatTable(lines, [
    { title: 'operation', value: ({ operation }) => operation },
    { title: 'model', value: ({ model }) => model },
    { title: 'calls', value: ({ calls }) => calls, align: 'right' },
    { title: 'failed', value: ({ failed }) => failed, align: 'right' },
    { title: 'retries', value: ({ retries }) => retries, align: 'right' },
    { title: 'asked', value: ({ promptTokens }) => promptTokens, align: 'right' },
    { title: 'answered', value: ({ completionTokens }) => completionTokens, align: 'right' },
    { title: 'cost', value: ({ costUsd }) => `$${costUsd.toFixed(4)}`, align: 'right' },
    { title: 'from cache', value: ({ cacheHits }) => cacheHits, align: 'right' },
    { title: 'p50 ms', value: ({ latencyMs }) => latencyMs.p50, align: 'right' },
    { title: 'p99 ms', value: ({ latencyMs }) => latencyMs.p99, align: 'right' },
  ]);
}

@Command({ name: 'usage', description: 'what the calls to models for a workspace have used and cost, by operation and model' })
export class UsageCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_args: string[], options: WorkspaceOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const usage = shownUsage(await app.get(UsageLedger, { strict: false }).of(workspace));
      if (options.json === true) this.terminal.json({ workspace: workspace.slug, usage });
      else this.terminal.print(usage.length === 0 ? 'No model was called for this workspace yet.' : table(usage));
    });
  }
}
