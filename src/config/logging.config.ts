import { z } from 'zod';

export const LOGGING_CONFIG = Symbol('logging config');

/** How much is logged, and in what form. */
export const loggingSchema = z
  .object({
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    LOG_FORMAT: z.enum(['json', 'pretty', 'auto']).default('auto'),
  })
  .transform((env) => ({ level: env.LOG_LEVEL, format: env.LOG_FORMAT }));

export type LoggingConfig = z.output<typeof loggingSchema>;
