import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** Parts of Nest that name every module and route at each start. */
const TALKATIVE: ReadonlySet<unknown> = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** The log as Nest's `Logger` writes to it; what Nest says of its own start is for debugging. */
@Injectable()
export class ServiceLogger extends Logger {
  override log(message: unknown, ...rest: [...unknown[], string]): void {
    if (TALKATIVE.has(rest.at(-1))) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}
