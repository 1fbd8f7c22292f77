import { Injectable } from '@nestjs/common';

/** What a command prints: results on stdout, everything said beside them on stderr. */
@Injectable()
export class Terminal {
  constructor() {
    // A reader such as `head` that has seen enough is no fault.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0);
    });
  }

  /** Whether a person watches stderr, so that a progress bar can be drawn. */
  get interactive(): boolean {
    return process.stderr.isTTY;
  }

  /** Columns of the terminal; 100 when stdout is none. */
  get width(): number {
    return process.stdout.isTTY ? process.stdout.columns : 100;
  }

  /** Prints the one JSON value of `--json`. */
  json(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Prints lines of a result. */
  print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Says something beside the result. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}
