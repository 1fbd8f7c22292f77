import { Command, SubCommand } from 'nest-commander';
import { AdminService } from '../../auth/admin.service.ts';
import { Applications } from '../applications.ts';
import { Terminal } from '../output/terminal.ts';
import { DataFolderCommand, type DataFolderOptions } from './data-folder.command.ts';
import { GroupCommand } from './group.command.ts';

@SubCommand({ name: 'reset', description: 'make a new admin key when the old one is lost; the old one and its tokens end' })
export class AuthResetCommand extends DataFolderCommand {
  constructor(
    private readonly applications: Applications,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run(_args: string[], options: DataFolderOptions): Promise<void> {
    await this.applications.use({ DATA_DIR: options.dataDir }, async (app) => {
      const key = await app.get(AdminService, { strict: false }).reset();
      if (options.json === true) this.terminal.json({ key: key ?? null });
      else if (key === undefined) this.terminal.print('ADMIN_API_KEY is set and stays the admin key; tokens given out before have ended.');
      else this.terminal.print(`${key}\n\nKeep it: only its hash is stored. The old admin key and its tokens have ended.`);
    });
  }
}

@Command({ name: 'auth', description: 'the admin key', subCommands: [AuthResetCommand] })
export class AuthCommand extends GroupCommand {}
