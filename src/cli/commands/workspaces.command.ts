import { Command, SubCommand } from 'nest-commander';
import { WorkspaceService } from '../../graph/workspace.service.ts';
import { Applications } from '../applications.ts';
import { formatTable } from '../output/table.ts';
import { Terminal } from '../output/terminal.ts';
import { describeWorkspace, requireWorkspace, type WorkspaceView } from '../workspaces.ts';
import { DataFolderCommand, type DataFolderOptions } from './data-folder.command.ts';
import { GroupCommand } from './group.command.ts';

function table(views: readonly WorkspaceView[]): string {
  return formatTable(views, [
    { title: 'workspace', value: (view) => view.slug },
    { title: 'documents', value: (view) => view.documents, align: 'right' },
    { title: 'chunks', value: (view) => view.chunks, align: 'right' },
    { title: 'entities', value: (view) => view.entities, align: 'right' },
    { title: 'relations', value: (view) => view.relations, align: 'right' },
    { title: 'version', value: (view) => view.indexVersion, align: 'right' },
  ]);
}

@SubCommand({ name: 'list', description: 'list the workspaces' })
export class WorkspacesListCommand extends DataFolderCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_args: string[], options: DataFolderOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const views: WorkspaceView[] = [];
      for (const workspace of await app.get(WorkspaceService, { strict: false }).list()) views.push(await describeWorkspace(app, workspace));
      if (options.json === true) this.terminal.json({ workspaces: views });
      else this.terminal.print(views.length === 0 ? 'There is no workspace yet.' : table(views));
    });
  }
}

@SubCommand({ name: 'create', arguments: '<slug>', description: 'make an empty workspace' })
export class WorkspacesCreateCommand extends DataFolderCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([slug = '']: string[], options: DataFolderOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await app.get(WorkspaceService, { strict: false }).create(slug);
      const view = await describeWorkspace(app, workspace);
      if (options.json === true) this.terminal.json(view);
      else this.terminal.print(`Made workspace ${view.slug}.`);
    });
  }
}

@SubCommand({ name: 'delete', arguments: '<slug>', description: 'remove a workspace with all its documents' })
export class WorkspacesDeleteCommand extends DataFolderCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([slug = '']: string[], options: DataFolderOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      await requireWorkspace(app, slug);
      await app.get(WorkspaceService, { strict: false }).drop(slug);
      if (options.json === true) this.terminal.json({ deleted: [slug] });
      else this.terminal.print(`Removed workspace ${slug}.`);
    });
  }
}

@Command({
  name: 'workspaces',
  description: 'list, make and remove workspaces',
  subCommands: [WorkspacesListCommand, WorkspacesCreateCommand, WorkspacesDeleteCommand],
})
export class WorkspacesCommand extends GroupCommand {}
