import { CommandRunner } from 'nest-commander';

type Commander = Parameters<CommandRunner['setCommand']>[0];

/** A command that refuses what it does not know, and leaves ending the process to the command line. */
export abstract class StrictCommand extends CommandRunner {
  override setCommand(command: Commander): this {
    // Commander would end the process itself, with 1; thrown instead, misuse gets its own exit code.
    command.exitOverride();
    command.allowExcessArguments(false);
    command.showHelpAfterError('(see --help)');
    return super.setCommand(command);
  }
}
