import { Command } from 'nest-commander';
import { StrictCommand } from './strict.command.ts';

/** Listed for `--help`; the launcher starts the server itself, so that no command line stands around it. */
@Command({ name: 'serve', description: 'start the service (what `npm start` does)' })
export class ServeCommand extends StrictCommand {
  override async run(): Promise<void> {
    await import(new URL('../../main.js', import.meta.url).href);
  }
}
