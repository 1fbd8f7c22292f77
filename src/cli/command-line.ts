import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFactory } from 'nest-commander';
import { AppError } from '../common/errors/app-error.ts';
import { describeError } from '../common/errors/describe-error.ts';
import { projectRoot } from '../config/project-root.ts';
import { CliModule } from './cli.module.ts';
import type { Interruption } from './interruption.ts';
import { UsageError } from './usage.errors.ts';

/** Exit codes beside 0; an interrupted command ends with 130. */
const FAILED = 1;
const MISUSE = 2;

function rethrow(error: Error): never {
  throw error;
}

function packageVersion(): string {
  const description = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { readonly version: string };
  return description.version;
}

/**
 * Runs one command and returns its exit code. nest-commander only parses and dispatches here: its own context holds nothing but the
 * commands, so that `--help` and a misspelt option open no data folder; a command opens the application when it runs.
 */
export async function runCommandLine(interruption: Interruption): Promise<number> {
  try {
    const app = await CommandFactory.createWithoutRunning(CliModule.with(interruption), {
      logger: false,
      abortOnError: false,
      version: packageVersion(),
      errorHandler: rethrow,
      serviceErrorHandler: rethrow,
    });
    await CommandFactory.runApplication(app);
    await app.close();
    return interruption.exitCode ?? Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error, interruption);
  }
}

/** Tells on stderr what went wrong and returns the exit code for it. */
function report(error: unknown, interruption: Interruption): number {
  if (interruption.exitCode !== undefined) {
    process.stderr.write('Interrupted.\n');
    return interruption.exitCode;
  }
  const parsed = parserExitCode(error);
  if (parsed !== undefined) return parsed;
  process.stderr.write(`${describe(error)}\n`);
  return error instanceof UsageError ? MISUSE : FAILED;
}

/** Commander has already written its message when it throws; asking for help is no fault. */
function parserExitCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('exitCode' in error)) return undefined;
  if (typeof error.code !== 'string' || !error.code.startsWith('commander.')) return undefined;
  return error.exitCode === 0 ? 0 : MISUSE;
}

function describe(error: unknown): string {
  if (error instanceof AppError) return [`${error.code}: ${error.message}`, error.remedy].filter((line) => line !== undefined).join('\n');
  const stack = error instanceof Error && process.env['LOG_LEVEL'] === 'debug' ? error.stack : undefined;
  return `internal-error: ${stack ?? describeError(error)}`;
}
