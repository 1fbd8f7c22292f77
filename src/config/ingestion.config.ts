import { z } from 'zod';
import { integer, optionalInteger } from './area.ts';

export const INGESTION_CONFIG = Symbol('ingestion config');

/** How documents are cut, extracted from and written. */
export const ingestionSchema = z
  .object({
    INGEST_MAX_CONCURRENT: integer(20, 1, 50),
    INGEST_WORKERS: optionalInteger(1, 50),
    INGEST_BATCH_SIZE: integer(10, 1, 50),
    INGEST_EXTRACTOR: z.enum(['rules', 'model']).optional(),
    EXTRACTION_MODEL: z.string().optional(),
    CHUNK_MAX_TOKENS: integer(512, 32, 8192),
    SENTENCE_VECTORS: z.enum(['auto', 'on', 'off']).default('auto'),
  })
  .transform((env) => ({
    workers: env.INGEST_WORKERS ?? env.INGEST_MAX_CONCURRENT,
    batchSize: env.INGEST_BATCH_SIZE,
    /** Nothing when not set: then `model` with an extraction model, `rules` without one. */
    extractor: env.INGEST_EXTRACTOR,
    chunkMaxTokens: env.CHUNK_MAX_TOKENS,
    /** Which passages get vectors of their sentences, where the embedder is semantic; `auto`: the long ones. */
    sentenceVectors: env.SENTENCE_VECTORS,
  }));

export type IngestionConfig = z.output<typeof ingestionSchema>;
