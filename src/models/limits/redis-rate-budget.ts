import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Clock } from '../../common/clock/clock.port.ts';
import type { IdSource } from '../../common/clock/id-source.port.ts';
import { IMPATIENT } from '../../common/redis/impatient-redis.ts';
import { LocalRateBudget } from './local-rate-budget.ts';
import { RateBudget, type RateLimits } from './rate-budget.port.ts';

/** A replica that has not asked for so long is taken for gone. */
const REPLICA_MS = 30_000;
/** After a fault Redis is left alone for so long, and the replica uses its share. */
const AWAY_MS = 2000;

// One call: both buckets fill by Redis's own time, and are taken from together or not at all. Answers the wait in milliseconds and how
// many replicas share the budget. KEYS: buckets, replicas. ARGV: requests and tokens a minute (0: no limit), tokens, replica, times.
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local state = redis.call('HMGET', KEYS[1], 'requests', 'tokens', 'at')
local at = tonumber(state[3]) or now
local function level(kept, perMinute, size)
  return math.min(size, (tonumber(kept) or size) + math.max(0, now - at) * perMinute / 60000)
end
local rpm, tpm, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local requestSize, tokenSize = math.max(1, rpm / 60), math.max(1, tpm / 6)
local requests, tokens = level(state[1], rpm, requestSize), level(state[2], tpm, tokenSize)
local wait = 0
if rpm > 0 and requests < 1 then wait = (1 - requests) * 60000 / rpm end
if tpm > 0 and tokens < math.min(want, tokenSize) then wait = math.max(wait, (math.min(want, tokenSize) - tokens) * 60000 / tpm) end
if wait < 0.001 then
  wait = 0
  requests = requests - 1
  tokens = tokens - want
end
redis.call('HSET', KEYS[1], 'requests', tostring(requests), 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], 120000)
redis.call('ZADD', KEYS[2], now, ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[5]))
redis.call('PEXPIRE', KEYS[2], tonumber(ARGV[5]))
return {tostring(wait), redis.call('ZCARD', KEYS[2])}`;

const SETTLE = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HINCRBYFLOAT', KEYS[1], 'tokens', ARGV[1]) end`;

interface Parts {
  readonly url: string;
  /** What the limits are of: the server and the key it is asked with. It is hashed. */
  readonly account: string;
  readonly limits: RateLimits;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** One budget for all replicas, kept in Redis. While Redis is away each replica uses its share of it. */
export class RedisRateBudget extends RateBudget {
  readonly #logger = new Logger('RateBudget');
  readonly #client: Redis;
  readonly #parts: Parts;
  readonly #share: LocalRateBudget;
  readonly #keys: readonly [buckets: string, replicas: string];
  readonly #replica: string;
  #replicas = 1;
  #awayUntilMs = 0;
  #away = false;

  private constructor(client: Redis, parts: Parts) {
    super();
    this.#client = client;
    this.#parts = parts;
    this.#share = new LocalRateBudget(parts.limits, parts.clock);
    this.#replica = parts.ids.uuid();
    const account = createHash('sha256').update(parts.account).digest('hex').slice(0, 24);
    this.#keys = [`graphrag:budget:{${account}}`, `graphrag:budget:{${account}}:replicas`];
    // Told with the call that fails.
    client.on('error', () => undefined);
  }

  /** Begins to connect, and waits for nothing. */
  static async open(parts: Parts): Promise<RedisRateBudget> {
    const { Redis } = await import('ioredis');
    const client = new Redis(parts.url, { ...IMPATIENT, retryStrategy: () => AWAY_MS });
    client.connect().catch(() => undefined);
    return new RedisRateBudget(client, parts);
  }

  override async take(tokens: number): Promise<number> {
    if (this.#parts.clock.monotonic() < this.#awayUntilMs) return await this.#share.take(tokens);
    const { requestsPerMinute = 0, tokensPerMinute = 0 } = this.#parts.limits;
    try {
      const answer = await this.#client.eval(TAKE, 2, ...this.#keys, requestsPerMinute, tokensPerMinute, tokens, this.#replica, REPLICA_MS);
      const [wait, replicas] = answer as [string, number];
      this.#there(replicas);
      return Number(wait);
    } catch (error) {
      this.#lost(error);
      return await this.#share.take(tokens);
    }
  }

  override settle(moreTokens: number): void {
    if (this.#away) {
      this.#share.settle(moreTokens);
      return;
    }
    if (this.#parts.limits.tokensPerMinute === undefined || moreTokens === 0) return;
    // An estimate that is not corrected costs a little of the budget, no call.
    this.#client.eval(SETTLE, 1, this.#keys[0], -moreTokens).catch(() => undefined);
  }

  override close(): Promise<void> {
    this.#client.disconnect();
    return Promise.resolve();
  }

  #there(replicas: number): void {
    this.#replicas = Math.max(1, replicas);
    if (!this.#away) return;
    this.#away = false;
    this.#logger.log('the budget of model calls is shared through Redis again');
  }

  #lost(error: unknown): void {
    this.#awayUntilMs = this.#parts.clock.monotonic() + AWAY_MS;
    if (this.#away) return;
    this.#away = true;
    this.#share.divide(1 / this.#replicas);
    this.#logger.warn({ err: error }, `Redis is away; this replica uses its share of the budget of model calls, 1 of ${String(this.#replicas)}`);
  }
}
