import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DynamicModule, Global, Module, RequestMethod } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Options } from 'pino-http';
import { loggerOptions, type LogOptions, logStream } from './log-stream.ts';
import { ServiceLogger } from './service-logger.ts';

interface IdentifiedRequest extends IncomingMessage {
  readonly originalUrl?: string;
}

/** Without its query: questions, names and one-time tokens stand there. */
function pathOf(request: IdentifiedRequest): string {
  return (request.originalUrl ?? request.url ?? '').replace(/\?.*$/s, '');
}

function httpOptions(options: LogOptions): Options {
  const common = loggerOptions(options);
  return {
    ...common,
    wrapSerializers: false,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    serializers: {
      ...common.serializers,
      req: (request: IdentifiedRequest) => ({ method: request.method, path: pathOf(request) }),
      res: ({ statusCode }: ServerResponse) => ({ statusCode }),
    },
    autoLogging: { ignore: (request) => pathOf(request).startsWith('/health') },
    customLogLevel: (_request, response, error) => (error !== undefined || response.statusCode >= 500 ? 'warn' : 'info'),
    // The filter has logged the error itself; the library would make one up from the status.
    customErrorObject: (_request, _response, _error, given: object) => ({ ...given, err: undefined }),
  };
}

/** The log of the service, one line of JSON each: Nest's `Logger` writes to it, and every request leaves a line. */
@Global()
@Module({})
export class LoggingModule {
  static forRoot(options: LogOptions): DynamicModule {
    const logger = LoggerModule.forRoot({
      pinoHttp: [httpOptions(options), logStream(options)],
      // The default matches only `/` on Fastify.
      forRoutes: [{ path: '{*splat}', method: RequestMethod.ALL }],
    });
    return { module: LoggingModule, imports: [logger], providers: [ServiceLogger], exports: [logger, ServiceLogger] };
  }
}
