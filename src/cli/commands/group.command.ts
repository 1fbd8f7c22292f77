import { StrictCommand } from './strict.command.ts';

/** A command that only holds others; alone it shows them and counts as misuse. */
export abstract class GroupCommand extends StrictCommand {
  override run(): Promise<void> {
    this.command.help({ error: true });
  }
}
