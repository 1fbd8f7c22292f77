import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../clock/clock.port.ts';
import { ShutdownService } from './shutdown.service.ts';

/** Token of the milliseconds that work under way is given at a stop. */
export const DRAIN_TIMEOUT_MS = Symbol('drain timeout');

/** How long requests that were told that their time is over have for saying so to their callers. */
const LAST_WORDS_MS = 1000;

/**
 * Waits at a stop for the requests and streams under way. Nest closes the sockets and then the stores only after
 * `beforeApplicationShutdown`, so this is the place to wait.
 */
@Injectable()
export class DrainService implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(DrainService.name);

  constructor(
    private readonly shutdown: ShutdownService,
    private readonly clock: Clock,
    @Inject(DRAIN_TIMEOUT_MS) private readonly timeoutMs: number,
  ) {}

  /** The first hook of a stop: readiness and new work are refused from here on. */
  onModuleDestroy(): void {
    this.shutdown.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { requests } = this.shutdown;
    if (requests.count > 0) this.logger.log(`stopping: waiting for ${String(requests.count)} requests under way`);
    if (await this.drainedWithin(this.timeoutMs)) return;
    this.logger.warn(`stopping: ${String(requests.count)} requests did not end in time and are told`);
    this.shutdown.expire();
    if (await this.drainedWithin(LAST_WORDS_MS)) return;
    this.logger.warn(`stopping: ${String(requests.count)} requests are cut off`);
  }

  private async drainedWithin(ms: number): Promise<boolean> {
    const enough = new AbortController();
    const late = this.clock.sleep(ms, enough.signal).then(
      () => false,
      () => false,
    );
    const drained = await Promise.race([this.shutdown.requests.drained().then(() => true), late]);
    enough.abort();
    return drained;
  }
}
