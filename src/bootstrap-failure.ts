import { AppError } from './common/errors/app-error.ts';
import { describeError } from './common/errors/describe-error.ts';

const FAILED = 1;
const MISUSE = 2;

const USAGE = 'Usage: graphrag-chat serve [--data-dir D] [--port P] [--host H]';

/** Tells on stderr why the service did not start, with a stack only where nobody foresaw the fault. Returns the exit code. */
export function reportFailedStart(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`${describeError(error)}\n${USAGE}\n`);
    return MISUSE;
  }
  process.stderr.write(`${describe(error, code)}\n`);
  return FAILED;
}

function describe(error: unknown, code: string): string {
  if (error instanceof AppError) return [error.message, error.remedy].filter((line) => line !== undefined).join('\n');
  if (code === 'EADDRINUSE') return `${describeError(error)}\nAnother program listens there; choose another port by --port or PORT.`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') return `${describeError(error)}\nChoose another address by --host and --port, or HOST and PORT.`;
  return error instanceof Error ? (error.stack ?? error.message) : describeError(error);
}
