import { Logger, type LoggerService } from '@nestjs/common';

/** One line of the log. */
export interface LogLine {
  readonly level: string;
  /** The object that came first, if one did. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Records what is logged instead of printing it, until `stop`. */
export class RecordedLogs {
  readonly lines: LogLine[] = [];

  constructor() {
    const record =
      (level: string) =>
      (first: unknown, ...rest: unknown[]): void => {
        const hasData = typeof first === 'object' && first !== null;
        const text = hasData ? rest[0] : first;
        this.lines.push({ level, data: hasData ? (first as Record<string, unknown>) : {}, text: typeof text === 'string' ? text : '' });
      };
    const recorder: LoggerService = {
      log: record('log'),
      error: record('error'),
      warn: record('warn'),
      debug: record('debug'),
      verbose: record('verbose'),
      fatal: record('fatal'),
    };
    Logger.overrideLogger(recorder);
  }

  /** The texts of one level, in order. */
  texts(level: string): string[] {
    return this.lines.filter((line) => line.level === level).map(({ text }) => text);
  }

  stop(): void {
    Logger.overrideLogger(['error', 'warn', 'log']);
  }
}
