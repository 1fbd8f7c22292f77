import { Command, Option, SubCommand } from 'nest-commander';
import { KeyService } from '../../auth/key.service.ts';
import { RequestError } from '../../common/errors/request.errors.ts';
import { ROLES, type Role } from '../../common/http/principal.types.ts';
import { WorkspaceService } from '../../graph/workspace.service.ts';
import { Applications } from '../applications.ts';
import { formatTable } from '../output/table.ts';
import { Terminal } from '../output/terminal.ts';
import { UsageError } from '../usage.errors.ts';
import { requireWorkspace } from '../workspaces.ts';
import { DataFolderCommand, type DataFolderOptions, WorkspaceCommand, type WorkspaceOptions } from './data-folder.command.ts';
import { GroupCommand } from './group.command.ts';

interface CreateOptions extends WorkspaceOptions {
  readonly role?: Role;
}

@SubCommand({ name: 'create', description: 'make a key for one workspace; it is shown this once' })
export class KeysCreateCommand extends WorkspaceCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--role <role>', description: `what it may do: ${ROLES.join(', ')} (default: read)` })
  parseRole(value: string): Role {
    const role = ROLES.find((known) => known === value);
    if (role === undefined) throw new UsageError(`--role is one of ${ROLES.join(', ')}, not "${value}".`);
    return role;
  }

  override async run(_args: string[], { role = 'read', ...options }: CreateOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspace = await requireWorkspace(app, options.workspace);
      const { id, key } = await app.get(KeyService, { strict: false }).create(workspace.uid, role);
      if (options.json === true) this.terminal.json({ id, key, workspace: workspace.slug, role });
      else this.terminal.print(`${key}\n\nKeep it: only its hash is stored. It may ${role} in workspace ${workspace.slug}; its id is ${id}.`);
    });
  }
}

interface KeyView {
  readonly id: string;
  /** Nothing when its workspace was dropped: then the key opens nothing. */
  readonly workspace: string | null;
  readonly role: Role;
  readonly createdAt: string;
}

@SubCommand({ name: 'list', description: 'list the keys of all workspaces, without the keys themselves' })
export class KeysListCommand extends DataFolderCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_args: string[], options: DataFolderOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const workspaces = await app.get(WorkspaceService, { strict: false }).list();
      const slugs = new Map(workspaces.map(({ uid, slug }) => [uid, slug]));
      const keys = await app.get(KeyService, { strict: false }).list();
      const views = keys.map(({ id, workspaceUid, role, createdAt }) => ({
        id,
        workspace: slugs.get(workspaceUid) ?? null,
        role,
        createdAt: new Date(createdAt).toISOString(),
      }));
      if (options.json === true) this.terminal.json({ keys: views });
      else this.terminal.print(views.length === 0 ? 'There is no key yet.' : this.table(views));
    });
  }

  private table(views: readonly KeyView[]): string {
    return formatTable(views, [
      { title: 'id', value: (view) => view.id },
      { title: 'workspace', value: (view) => view.workspace ?? '(dropped)' },
      { title: 'role', value: (view) => view.role },
      { title: 'made', value: (view) => view.createdAt },
    ]);
  }
}

@SubCommand({ name: 'revoke', arguments: '<id>', description: 'end the validity of a key, from the next request on' })
export class KeysRevokeCommand extends DataFolderCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([id = '']: string[], options: DataFolderOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const known = await app.get(KeyService, { strict: false }).revoke(id);
      if (!known) throw new RequestError('invalid-request', 'There is no key of that id.', { remedy: 'See the ids with `graphrag-chat keys list`.' });
      if (options.json === true) this.terminal.json({ revoked: id });
      else this.terminal.print(`Revoked key ${id}.`);
    });
  }
}

@Command({ name: 'keys', description: 'make, list and revoke API keys', subCommands: [KeysCreateCommand, KeysListCommand, KeysRevokeCommand] })
export class KeysCommand extends GroupCommand {}
