import { Command } from 'nest-commander';
import { Applications } from '../applications.ts';
import { type DataFolderState, DataFolderInspector } from '../doctor/data-folder-state.ts';
import { effectiveSettings, type ShownSettings } from '../doctor/effective-settings.ts';
import type { ServerAnswer } from '../doctor/server-probe.ts';
import { askServer, probesFor } from '../doctor/server-probes.ts';
import { Interruption } from '../interruption.ts';
import { formatTable } from '../output/table.ts';
import { Terminal } from '../output/terminal.ts';
import { DataFolderCommand, type DataFolderOptions } from './data-folder.command.ts';

/** What `doctor` found. */
interface Diagnosis {
  readonly ok: boolean;
  readonly node: string;
  readonly settings: ShownSettings;
  readonly dataFolder: DataFolderState;
  readonly servers: readonly ServerAnswer[];
}

@Command({ name: 'doctor', description: 'show the settings in effect, the state of the data folder and what each configured server answers' })
export class DoctorCommand extends DataFolderCommand {
  constructor(
    private readonly applications: Applications,
    private readonly inspector: DataFolderInspector,
    private readonly interruption: Interruption,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_args: string[], options: DataFolderOptions): Promise<void> {
    const diagnosis = await this.diagnose(options);
    if (options.json === true) this.terminal.json(diagnosis);
    else this.terminal.print(describe(diagnosis));
    if (!diagnosis.ok) process.exitCode = 1;
  }

  private async diagnose({ dataDir }: DataFolderOptions): Promise<Diagnosis> {
    const settings = this.applications.settings({ DATA_DIR: dataDir });
    const dataFolder = await this.inspector.inspect(settings.server.dataDir);
    const servers = await Promise.all(probesFor(settings).map((probe) => askServer(probe, this.interruption.signal)));
    const ok = dataFolder.ok && servers.every((server) => server.ok);
    return { ok, node: process.version, settings: effectiveSettings(settings), dataFolder, servers };
  }
}

function describe({ ok, node, settings, dataFolder, servers }: Diagnosis): string {
  const sections = [
    `Node ${node}`,
    describeSettings(settings),
    describeFolder(dataFolder),
    servers.length === 0 ? 'No server is configured: everything runs inside the process.' : describeServers(servers),
    ok ? 'All is well.' : 'Something is wrong, see above.',
  ];
  return sections.join('\n\n');
}

function describeSettings(settings: ShownSettings): string {
  const rows = Object.entries(settings).flatMap(([area, values]) => Object.entries(values).map(([name, value]) => ({ name: `${area}.${name}`, value })));
  return formatTable(rows, [
    { title: 'setting', value: (row) => row.name },
    { title: 'value', value: (row) => (typeof row.value === 'string' ? row.value : JSON.stringify(row.value)) },
  ]);
}

function describeFolder({ path, exists, fault, freeBytes, workspaces = [] }: DataFolderState): string {
  if (!exists) return `Data folder ${path}: not there yet; it is made by the first command that writes.`;
  if (fault !== undefined) return `Data folder ${path}: ${fault}`;
  const free = ((freeBytes ?? 0) / 1e9).toFixed(1);
  const lines = workspaces.map(({ slug, documents, chunks }) => `  ${slug}: ${String(documents)} documents, ${String(chunks)} chunks`);
  return [`Data folder ${path}: ${free} GB free, ${String(workspaces.length)} workspaces`, ...lines].join('\n');
}

function describeServers(servers: readonly ServerAnswer[]): string {
  return formatTable(servers, [
    { title: 'server', value: (row) => row.server },
    { title: 'address', value: (row) => row.address },
    { title: '', value: (row) => (row.ok ? 'ok' : 'FAILED') },
    { title: 'answer', value: (row) => row.answer },
    { title: 'ms', value: (row) => row.ms, align: 'right' },
  ]);
}
