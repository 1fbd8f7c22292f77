import { z } from 'zod';
import { ALWAYS, duration } from './area.ts';

export const AUTH_CONFIG = Symbol('auth config');

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Who may do what. */
export const authSchema = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    AUTH_MODE: z.enum(['closed', 'none']).default('closed'),
    ADMIN_API_KEY: z.string().min(16, 'must have 16 characters or more').optional(),
    JWT_SECRET: z.string().min(32, 'must have 32 characters or more').optional(),
    JWT_TTL: duration('1h', { min: 60_000, max: 30 * 86_400_000 }),
  })
  .superRefine((env, context) => {
    if (env.AUTH_MODE !== 'none' || LOOPBACK.has(env.HOST)) return;
    context.addIssue({
      code: 'custom',
      path: ['AUTH_MODE'],
      message: `may be "none" only when HOST is a loopback address, and HOST is ${env.HOST}; leave AUTH_MODE out or set HOST=127.0.0.1`,
    });
  }, ALWAYS)
  .transform((env) => ({
    mode: env.AUTH_MODE,
    adminApiKey: env.ADMIN_API_KEY,
    jwtSecret: env.JWT_SECRET,
    jwtTtlMs: env.JWT_TTL,
  }));

export type AuthConfig = z.output<typeof authSchema>;
