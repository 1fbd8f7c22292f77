import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from './project-root.ts';

const schema = z.object({
  openai: z.object({ baseUrl: z.url(), chatModel: z.string(), extractionModel: z.string(), embeddingModel: z.string() }),
  prices: z.record(z.string(), z.object({ promptUsdPerMillion: z.number(), completionUsdPerMillion: z.number() })),
});

/** What config/models.json says: the models taken when only a key is set, and prices in US dollars per million tokens. */
export type ModelDefaults = z.output<typeof schema>;

let loaded: ModelDefaults | undefined;

/** The checked content of config/models.json, read once. */
export function modelDefaults(): ModelDefaults {
  loaded ??= schema.parse(JSON.parse(readFileSync(join(projectRoot(), 'config', 'models.json'), 'utf8')));
  return loaded;
}
