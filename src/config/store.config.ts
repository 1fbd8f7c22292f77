import { z } from 'zod';
import { ALWAYS, duration, integer } from './area.ts';

export const STORE_CONFIG = Symbol('store config');

/** Where records and the graph live. */
export const storeSchema = z
  .object({
    STORE: z.enum(['sqlite', 'neo4j']).default('sqlite'),
    NEO4J_URI: z.url({ protocol: /^(bolt|neo4j)(\+s|\+ssc)?$/, error: 'must be an address such as neo4j://localhost:7687' }).optional(),
    NEO4J_USERNAME: z.string().min(1).default('neo4j'),
    NEO4J_PASSWORD: z.string().min(1).optional(),
    NEO4J_DATABASE: z.string().min(1).default('neo4j'),
    NEO4J_MAX_POOL_SIZE: integer(50, 1, 10_000),
    NEO4J_MAX_CONNECTION_LIFETIME: duration('3600s', { min: 1000, max: 7 * 86_400_000 }),
    NEO4J_CONNECTION_TIMEOUT: duration('30s', { min: 100, max: 3_600_000 }),
    NEO4J_ACQUISITION_TIMEOUT: duration('60s', { min: 100, max: 3_600_000 }),
    NEO4J_LIVENESS_CHECK_TIMEOUT: duration('60s', { min: 0, max: 3_600_000 }),
    NEO4J_FETCH_SIZE: integer(1000, 1, 1_000_000),
    SQLITE_READERS: integer(2, 1, 16),
  })
  .superRefine((env, context) => {
    if (env.STORE !== 'neo4j') return;
    for (const name of ['NEO4J_URI', 'NEO4J_PASSWORD'] as const) {
      if (env[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'must be set, because STORE is neo4j' });
    }
  }, ALWAYS)
  .transform((env) => ({
    kind: env.STORE,
    sqliteReaders: env.SQLITE_READERS,
    neo4j: {
      uri: env.NEO4J_URI,
      username: env.NEO4J_USERNAME,
      password: env.NEO4J_PASSWORD,
      database: env.NEO4J_DATABASE,
      maxPoolSize: env.NEO4J_MAX_POOL_SIZE,
      maxConnectionLifetimeMs: env.NEO4J_MAX_CONNECTION_LIFETIME,
      connectionTimeoutMs: env.NEO4J_CONNECTION_TIMEOUT,
      acquisitionTimeoutMs: env.NEO4J_ACQUISITION_TIMEOUT,
      livenessCheckTimeoutMs: env.NEO4J_LIVENESS_CHECK_TIMEOUT,
      fetchSize: env.NEO4J_FETCH_SIZE,
    },
  }));

export type StoreConfig = z.output<typeof storeSchema>;
