import { z } from 'zod';
import { ALWAYS, duration, integer, optionalInteger } from './area.ts';
import { modelDefaults } from './model-defaults.ts';

export const MODELS_CONFIG = Symbol('models config');

/** Chat and embedding, each with both lanes. */
const KINDS_OF_CALL = 2;

const NO_DEFAULTS = { baseUrl: undefined, chatModel: undefined, extractionModel: undefined, embeddingModel: undefined };

/** The model server, its limits and which model does what. */
export const modelsSchema = z
  .object({
    OPENAI_API_KEY: z.string().min(1).optional(),
    OPENAI_BASE_URL: z.url({ protocol: /^https?$/, error: 'must be an address such as http://localhost:11434/v1' }).optional(),
    CHAT_MODEL: z.string().min(1).optional(),
    EXTRACTION_MODEL: z.string().min(1).optional(),
    EMBEDDING_MODEL: z.string().min(1).optional(),
    EMBEDDING_DIMENSIONS: optionalInteger(1, 65_536),
    RESOLUTION_MODEL: z.string().min(1).optional(),
    RAG_MAX_CONCURRENT_REQUESTS: integer(10, 1, 1000),
    INGEST_MAX_CONCURRENT: integer(20, 1, 50),
    RAG_CONNECTION_POOL_SIZE: integer(100, 1, 10_000),
    RAG_CONNECTIONS_PER_HOST: integer(30, 1, 10_000),
    RAG_DNS_CACHE_TTL: duration('300s', { min: 0, max: 86_400_000 }),
    RAG_CONNECTION_TIMEOUT: duration('30s', { min: 100, max: 3_600_000 }),
    INGEST_CALL_TIMEOUT: duration('180s', { min: 100, max: 3_600_000 }),
    RAG_REQUESTS_PER_MINUTE: optionalInteger(1, 10_000_000),
    RAG_TOKENS_PER_MINUTE: optionalInteger(1, 10_000_000_000),
  })
  .superRefine((env, context) => {
    const models = ['CHAT_MODEL', 'EXTRACTION_MODEL', 'EMBEDDING_MODEL', 'RESOLUTION_MODEL'] as const;
    if (env.OPENAI_API_KEY !== undefined || env.OPENAI_BASE_URL !== undefined) return;
    for (const name of models) {
      if (env[name] === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'names a model, but no server is set: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own',
      });
    }
  }, ALWAYS)
  .transform((env) => {
    const openAi = env.OPENAI_API_KEY !== undefined && env.OPENAI_BASE_URL === undefined;
    const defaults = openAi ? modelDefaults().openai : NO_DEFAULTS;
    const inFlight = KINDS_OF_CALL * (env.RAG_MAX_CONCURRENT_REQUESTS + env.INGEST_MAX_CONCURRENT);
    return {
      apiKey: env.OPENAI_API_KEY,
      baseUrl: env.OPENAI_BASE_URL ?? defaults.baseUrl,
      chatModel: env.CHAT_MODEL ?? defaults.chatModel,
      extractionModel: env.EXTRACTION_MODEL ?? defaults.extractionModel,
      embeddingModel: env.EMBEDDING_MODEL ?? defaults.embeddingModel,
      embeddingDimensions: env.EMBEDDING_DIMENSIONS,
      resolutionModel: env.RESOLUTION_MODEL,
      interactiveConcurrency: env.RAG_MAX_CONCURRENT_REQUESTS,
      bulkConcurrency: env.INGEST_MAX_CONCURRENT,
      // The pools are never smaller than what both lanes of chat and of embedding may use at once, or one would wait for another.
      connections: Math.max(env.RAG_CONNECTION_POOL_SIZE, inFlight),
      connectionsPerHost: Math.max(env.RAG_CONNECTIONS_PER_HOST, inFlight),
      dnsTtlMs: env.RAG_DNS_CACHE_TTL,
      interactiveTimeoutMs: env.RAG_CONNECTION_TIMEOUT,
      bulkTimeoutMs: env.INGEST_CALL_TIMEOUT,
      requestsPerMinute: env.RAG_REQUESTS_PER_MINUTE,
      tokensPerMinute: env.RAG_TOKENS_PER_MINUTE,
    };
  });

export type ModelsConfig = z.output<typeof modelsSchema>;
