import { z } from 'zod';
import { MAX_WORKERS } from '../common/concurrency/worker-pool.ts';
import { integer, optionalInteger } from './area.ts';

export const INGESTION_CONFIG = Symbol('ingestion config');

/** Workers there are for each call at once, if not set. */
const WORKERS_A_CALL = 1.5;

/**
 * Workers for so many calls at once: when a call ends, the next is ready, though the answer has yet to be read and made durable. The model
 * gateway sees to it that no more calls than wanted are under way.
 */
export function workersFor(callsAtOnce: number): number {
  return callsAtOnce === 1 ? 1 : Math.min(MAX_WORKERS, Math.ceil(callsAtOnce * WORKERS_A_CALL));
}

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
    workers: env.INGEST_WORKERS ?? workersFor(env.INGEST_MAX_CONCURRENT),
    callsAtOnce: Math.min(env.INGEST_MAX_CONCURRENT, env.INGEST_WORKERS ?? MAX_WORKERS),
    batchSize: env.INGEST_BATCH_SIZE,
    /** Nothing when not set: then `model` with an extraction model, `rules` without one. */
    extractor: env.INGEST_EXTRACTOR,
    chunkMaxTokens: env.CHUNK_MAX_TOKENS,
    /** Which passages get vectors of their sentences, where the embedder is semantic; `auto`: the long ones. */
    sentenceVectors: env.SENTENCE_VECTORS,
  }));

export type IngestionConfig = z.output<typeof ingestionSchema>;
