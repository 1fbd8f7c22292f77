import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { IdSource } from '../../../common/clock/id-source.port.ts';
import { IMPATIENT } from '../../../common/redis/impatient-redis.ts';
import { redisFault } from './redis-fault.ts';

/** The start waits so long for the first connection, so that the first questions find the tier. */
const OPEN_MS = 1000;
const CLOSE_MS = 500;
const RETRY_BASE_MS = 50;
const RETRY_CAP_MS = 500;

/** A connection on which nothing is heard for so long is made anew. */
const SILENCE_MS = 1000;

/** The cache's own connection to Redis, which comes back by itself. */
export class RedisConnection {
  readonly client: Redis;
  readonly #logger = new Logger('RedisCacheStore');
  /** Why there is no connection, as far as is known. */
  #fault: Error | undefined;

  constructor(url: string, ids: IdSource) {
    // Upper half of the wait by chance, so that the processes of a service do not come all at once.
    const retryStrategy = (attempt: number): number => Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(attempt, 10)) * (0.5 + ids.random() / 2);
    this.client = new Redis(url, { ...IMPATIENT, socketTimeout: SILENCE_MS, retryStrategy });
    this.client.on('error', (error: Error) => (this.#fault = error));
    this.client.on('ready', () => (this.#fault = undefined));
    this.client.on('close', () => {
      forgetSilence(this.client);
    });
  }

  /** Begins to connect; says in the log how it went. */
  async open(): Promise<void> {
    const connected = this.client.connect().then(
      () => true,
      () => false,
    );
    if (await Promise.race([connected, delay(OPEN_MS, false, { ref: false })])) this.#logger.log('connected to Redis');
    else this.#logger.warn({ err: redisFault(this.#fault ?? new Error('connect ETIMEDOUT')) }, 'Redis cannot be used at the start; it is tried again');
  }

  async close(): Promise<void> {
    const connected = ['connecting', 'connect', 'ready'].includes(this.client.status);
    const ended = new Promise((resolve) => this.client.once('end', resolve));
    this.client.disconnect();
    if (connected) await Promise.race([ended, delay(CLOSE_MS, undefined, { ref: false })]);
  }

  /** @throws CacheError for whatever goes wrong */
  async ask<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    try {
      return await work(this.client);
    } catch (error) {
      throw redisFault(error, this.client.status === 'ready' ? undefined : this.#fault);
    }
  }
}

/**
 * In ioredis 5.11 the limit of silence outlives the connection it was for and ends the next one, which is well
 * (redis/ioredis issue 2147, mended in a later version); it would also keep the process alive for a second.
 */
function forgetSilence(client: Redis): void {
  const timers = client as unknown as { socketTimeoutTimer?: NodeJS.Timeout | undefined };
  clearTimeout(timers.socketTimeoutTimer);
  timers.socketTimeoutTimer = undefined;
}
