import type { LoggerService } from '@nestjs/common';
import { destination, type Level, type Logger, multistream, pino } from 'pino';
import { loggerOptions, logStream } from '../../common/logging/log-stream.ts';
import type { LoggingConfig } from '../../config/logging.config.ts';

function wider(level: Level): Level {
  return level === 'debug' || level === 'trace' ? level : 'info';
}

/** Logs of a command: on stderr, so that stdout holds nothing but the result. Takes an object first, as the service's log does. */
export class StderrLogger implements LoggerService {
  readonly #pino: Logger;

  /** @param file descriptor of an open file that gets all from `info` on, whatever stderr gets */
  constructor(config: LoggingConfig, file?: number) {
    const toStderr = logStream({ ...config, destination: 2 });
    if (file === undefined || config.level === 'silent') this.#pino = pino(loggerOptions(config), toStderr);
    else this.#pino = pino(loggerOptions({ ...config, level: wider(config.level) }), multistream([{ stream: toStderr, level: config.level }, { stream: destination({ dest: file, sync: true }), level: wider(config.level) }]));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  /** Nest appends the name of the class that logs to what was given. */
  #write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = rest.length > 0 ? rest.at(-1) : undefined;
    // What Nest throws while it starts it also logs; the command line tells it once, as its result.
    if (context === 'ExceptionHandler') return;
    const text = rest.slice(0, -1).map(String).join(' ');
    if (message instanceof Error) this.#pino[level]({ err: message, context }, text);
    else if (typeof message === 'object' && message !== null) this.#pino[level]({ ...message, context }, text);
    else this.#pino[level]({ context }, [String(message), text].join(' ').trim());
  }
}
