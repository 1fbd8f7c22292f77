import { z } from 'zod';
import { ALWAYS, duration, integer, listOf } from './area.ts';

export const CACHE_CONFIG = Symbol('cache config');

/** The tiers of the cache, fastest first. */
export const CACHE_TIERS = ['memory', 'file', 'redis', 'memcached'] as const;
export type CacheTier = (typeof CACHE_TIERS)[number];

export const cacheSchema = z
  .object({
    CACHE_TIERS: listOf(CACHE_TIERS, 'memory,file'),
    CACHE_TTL: duration('7d', { min: 1000, max: 365 * 86_400_000 }),
    CACHE_MEMORY_MB: integer(64, 1, 100_000),
    CACHE_FILE_MB: integer(1024, 1, 1_000_000),
    REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be an address such as redis://localhost:6379' }).optional(),
    MEMCACHED_SERVERS: z.string().min(1).optional(),
  })
  .superRefine((env, context) => {
    const needs = [
      ['redis', 'REDIS_URL', env.REDIS_URL],
      ['memcached', 'MEMCACHED_SERVERS', env.MEMCACHED_SERVERS],
    ] as const;
    // Not a list when it has a fault of its own.
    const tiers: unknown = env.CACHE_TIERS;
    for (const [tier, variable, value] of needs) {
      if (!Array.isArray(tiers) || !tiers.includes(tier) || value !== undefined) continue;
      context.addIssue({ code: 'custom', path: [variable], message: `must be set, because CACHE_TIERS names ${tier}` });
    }
  }, ALWAYS)
  .transform((env) => ({
    tiers: env.CACHE_TIERS,
    ttlMs: env.CACHE_TTL,
    memoryBytes: env.CACHE_MEMORY_MB * 1_000_000,
    fileBytes: env.CACHE_FILE_MB * 1_000_000,
    redisUrl: env.REDIS_URL,
    memcachedServers: env.MEMCACHED_SERVERS,
  }));

export type CacheConfig = z.output<typeof cacheSchema>;
