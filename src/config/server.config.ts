import { z } from 'zod';
import { duration, integer } from './area.ts';

export const SERVER_CONFIG = Symbol('server config');

/** Where the service listens, keeps its data and how much it takes. */
export const serverSchema = z
  .object({
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: integer(3000, 0, 65_535),
    DATA_DIR: z.string().min(1).default('./data'),
    MAX_UPLOAD_MB: integer(100, 1, 10_000),
    THROTTLE_LIMIT: integer(120, 1, 1_000_000),
    THROTTLE_TTL: duration('60s', { min: 1000, max: 86_400_000 }),
    SHUTDOWN_TIMEOUT: duration('25s', { min: 100, max: 600_000 }),
  })
  .transform((env) => ({
    host: env.HOST,
    port: env.PORT,
    dataDir: env.DATA_DIR,
    maxUploadBytes: env.MAX_UPLOAD_MB * 1_000_000,
    throttleLimit: env.THROTTLE_LIMIT,
    throttleTtlMs: env.THROTTLE_TTL,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT,
  }));

export type ServerConfig = z.output<typeof serverSchema>;
