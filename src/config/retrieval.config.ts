import { z } from 'zod';
import { ALWAYS, duration } from './area.ts';

export const RETRIEVAL_SETTINGS = Symbol('retrieval settings');

/** How passages are found, as far as it is for operators to say; the constants of the ranking are in src/retrieval/retrieval-config.ts. */
export const retrievalSchema = z
  .object({
    RERANK: z.enum(['off', 'model']).default('off'),
    RERANK_TIMEOUT: duration('10s', { min: 100, max: 3_600_000 }),
    OPENAI_API_KEY: z.string().optional(),
    OPENAI_BASE_URL: z.string().optional(),
    CHAT_MODEL: z.string().optional(),
  })
  .superRefine((env, context) => {
    const ownServer = env.OPENAI_BASE_URL !== undefined;
    const hasChatModel = env.CHAT_MODEL !== undefined || (env.OPENAI_API_KEY !== undefined && !ownServer);
    if (env.RERANK !== 'model' || hasChatModel) return;
    const remedy = ownServer ? 'name one with CHAT_MODEL' : 'set OPENAI_API_KEY, or OPENAI_BASE_URL and CHAT_MODEL for a server of your own';
    context.addIssue({ code: 'custom', path: ['RERANK'], message: `is "model", but there is no chat model to ask: ${remedy}, or leave RERANK out` });
  }, ALWAYS)
  .transform((env) => ({ rerank: env.RERANK, rerankTimeoutMs: env.RERANK_TIMEOUT }));

export type RetrievalSettings = z.output<typeof retrievalSchema>;
