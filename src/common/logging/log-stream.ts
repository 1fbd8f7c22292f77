import { isatty } from 'node:tty';
import { destination, type DestinationStream, type LevelWithSilent, type LoggerOptions } from 'pino';
import { build as pretty } from 'pino-pretty';
import { serializeError } from './error-serializer.ts';

/** How much is logged, in what form, and where to. */
export interface LogOptions {
  readonly level: LevelWithSilent;
  /** `auto`: readable lines on a terminal, JSON otherwise. */
  readonly format: 'json' | 'pretty' | 'auto';
  /** File descriptor: 1, standard output, if left out; commands take 2. */
  readonly destination?: 1 | 2;
}

/** What every logger of the service has in common. */
export function loggerOptions({ level }: LogOptions): LoggerOptions {
  return {
    level,
    serializers: { err: serializeError, error: serializeError },
    redact: { paths: ['authorization', 'cookie', 'apiKey', 'password', 'token', 'secret', '*.authorization', '*.cookie', '*.apiKey', '*.password', '*.token', '*.secret'], censor: '[hidden]' },
  };
}

/** Where log lines go. Written at once, so that the last line before an exit is not lost. */
export function logStream({ format, destination: fd = 1 }: LogOptions): DestinationStream {
  const readable = format === 'pretty' || (format === 'auto' && isatty(fd));
  return readable ? pretty({ destination: fd, sync: true, ignore: 'pid,hostname,req,res,responseTime' }) : destination({ dest: fd, sync: true });
}
