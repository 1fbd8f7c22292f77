import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { authSchema } from './auth.config.ts';
import { cacheSchema } from './cache.config.ts';
import { ConfigError, type SettingFault } from './config.errors.ts';
import { ingestionSchema } from './ingestion.config.ts';
import { loggingSchema } from './logging.config.ts';
import { modelsSchema } from './models.config.ts';
import { retrievalSchema } from './retrieval.config.ts';
import { serverSchema } from './server.config.ts';
import { storeSchema } from './store.config.ts';

/** One schema per area; each reads the variables it names and nothing else. */
export const AREAS = {
  server: serverSchema,
  logging: loggingSchema,
  auth: authSchema,
  cache: cacheSchema,
  models: modelsSchema,
  ingestion: ingestionSchema,
  retrieval: retrievalSchema,
  store: storeSchema,
} as const;

/** All settings as typed slices. */
export type Settings = { readonly [Area in keyof typeof AREAS]: z.output<(typeof AREAS)[Area]> };

type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment over the `.env` file of the working folder, if there is one. */
export function readEnvironment(file = '.env', env: Environment = process.env): Environment {
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...env } : env;
}

/** The fault of a value for which its schema has no words of its own. */
function faultOf(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_value' ? `must be one of ${issue.values.map(String).join(', ')}` : undefined;
}

/**
 * Checks an environment against every area. An empty value counts as not set.
 * @throws ConfigError with every fault of every area
 */
export function loadSettings(env: Environment): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const faults = new Map<string, SettingFault>();
  const slices = Object.entries(AREAS).map(([area, schema]) => {
    const result = schema.safeParse(given, { error: faultOf });
    for (const issue of result.error?.issues ?? []) {
      const variable = String(issue.path[0] ?? area);
      faults.set(variable, { variable, fault: issue.message });
    }
    return [area, result.data] as const;
  });
  if (faults.size > 0) throw new ConfigError([...faults.values()]);
  return Object.fromEntries(slices) as unknown as Settings;
}
