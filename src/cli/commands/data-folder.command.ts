import { Option } from 'nest-commander';
import { UsageError } from '../usage.errors.ts';
import { StrictCommand } from './strict.command.ts';

/** Options that every command takes. */
export interface DataFolderOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** A command that works on a data folder. */
export abstract class DataFolderCommand extends StrictCommand {
  @Option({ flags: '--data-dir <dir>', description: 'the data folder (default: DATA_DIR, else ./data)' })
  parseDataDir(value: string): string {
    return nonEmpty('--data-dir', value);
  }

  @Option({ flags: '--json', description: 'print one JSON value on stdout' })
  parseJson(): boolean {
    return true;
  }
}

/** Options of a command on one workspace. */
export interface WorkspaceOptions extends DataFolderOptions {
  readonly workspace: string;
}

/** A command that works on one workspace. */
export abstract class WorkspaceCommand extends DataFolderCommand {
  @Option({ flags: '--workspace <slug>', description: 'the workspace', defaultValue: 'default' })
  parseWorkspace(value: string): string {
    return nonEmpty('--workspace', value);
  }
}

/** @throws UsageError for an empty value, which a shell gives when a variable is not set */
export function nonEmpty(flag: string, value: string): string {
  if (value.trim() === '') throw new UsageError(`${flag} needs a value.`);
  return value;
}

/** @throws UsageError when it is no whole number within the bounds, both included */
export function wholeNumber(flag: string, value: string, bounds: { readonly min: number; readonly max: number }): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= bounds.min && number <= bounds.max) return number;
  throw new UsageError(`${flag} takes a whole number from ${String(bounds.min)} to ${String(bounds.max)}, not "${value}".`);
}

/** What an option that may be repeated has collected so far. */
export function collect(value: string, collected: readonly string[] | undefined): string[] {
  return [...(collected ?? []), value];
}
