import { writeFile } from 'node:fs/promises';
import { Command, Option, SubCommand } from 'nest-commander';
import { KnowledgeGraph } from '../../graph/knowledge-graph.port.ts';
import { Applications } from '../applications.ts';
import { type ExportFormat, EXPORT_FORMATS, type ReadPicture, writePicture } from '../graph/picture-export.ts';
import { Terminal } from '../output/terminal.ts';
import { UsageError } from '../usage.errors.ts';
import { describeWorkspace, requireWorkspace } from '../workspaces.ts';
import { nonEmpty, wholeNumber, WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';
import { GroupCommand } from './group.command.ts';

interface ExportOptions extends WorkspaceOptions {
  readonly format: ExportFormat;
  readonly limit: number;
  readonly entity?: string;
  readonly depth?: number;
  readonly out?: string;
}

const MOST_NODES = 100_000;
/** More cannot be told apart on a screen, nor drawn while someone waits. */
const MOST_DRAWN = 5000;

@SubCommand({ name: 'export', description: "write a workspace's graph, or an entity's surroundings, as JSON, GraphML or a page to look at" })
export class GraphExportCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--format <format>', description: `${EXPORT_FORMATS.join(', ')}; html is one file that needs nothing else`, defaultValue: 'json' })
  parseFormat(value: string): ExportFormat {
    const format = EXPORT_FORMATS.find((known) => known === value);
    if (format === undefined) throw new UsageError(`--format is ${EXPORT_FORMATS.join(', ')}, not "${value}".`);
    return format;
  }

  @Option({ flags: '--entity <name>', description: 'only the surroundings of this entity (default: the most connected part)' })
  parseEntity(value: string): string {
    return nonEmpty('--entity', value);
  }

  @Option({ flags: '--depth <number>', description: 'how many steps the surroundings reach, 0 to 3 (default: 1)' })
  parseDepth(value: string): number {
    return wholeNumber('--depth', value, { min: 0, max: 3 });
  }

  @Option({ flags: '--limit <number>', description: 'entities at most, those with most relations first', defaultValue: 2000 })
  parseLimit(value: string): number {
    return wholeNumber('--limit', value, { min: 1, max: MOST_NODES });
  }

  @Option({ flags: '--out <file>', description: 'write there instead of to stdout' })
  parseOut(value: string): string {
    return nonEmpty('--out', value);
  }

  override async run(_args: string[], options: ExportOptions): Promise<void> {
    check(options);
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const { entity, depth = 1, limit } = options;
      const picture = await app.get(KnowledgeGraph, { strict: false }).neighbourhood(workspace, { depth, limit, ...(entity === undefined ? {} : { entity }) });
      const whole = await describeWorkspace(app, workspace);
      await this.hand({ app, workspace, picture, entity, whole }, options);
    });
  }

  private async hand(read: ReadPicture, { format, out, json }: ExportOptions): Promise<void> {
    const text = await writePicture(format, read);
    const [nodes, edges] = [read.picture.nodes.length, read.picture.edges.length];
    if (out !== undefined) await write(out, text);
    if (out === undefined) this.terminal.print(text.trimEnd());
    else if (json === true) this.terminal.json({ file: out, format, nodes, edges });
    else this.terminal.print(`${String(nodes)} of ${String(read.whole.entities)} entities and ${String(edges)} relations among them are in ${out}.`);
    if (nodes === 0) this.terminal.note('The graph is empty; `ingest` documents first.');
  }
}

function check({ format, limit, entity, depth, out, json }: ExportOptions): void {
  if (depth !== undefined && entity === undefined) throw new UsageError('--depth is about the surroundings of an entity: it needs --entity.');
  if (format === 'html' && limit > MOST_DRAWN) throw new UsageError(`A page shows at most ${String(MOST_DRAWN)} entities.`, 'Give a smaller --limit, an --entity, or another --format.');
  if (json === true && format !== 'json' && out === undefined) throw new UsageError(`--json with --format ${format} needs --out: stdout is for the JSON value.`);
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}.`, 'Give --out a file in a folder that exists and may be written to.');
  }
}

@Command({ name: 'graph', description: 'export the graph of a workspace', subCommands: [GraphExportCommand] })
export class GraphCommand extends GroupCommand {}
