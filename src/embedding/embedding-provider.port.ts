import type { ModelCallContext } from '../models/models.types.ts';

/** What a provider can do, as data. */
export interface EmbeddingCapabilities {
  /**
   * Whether near vectors mean near meaning. A provider that is not semantic serves candidates for entity resolution and never enters
   * relevance.
   */
  readonly semantic: boolean;
  /** Whether looking a vector up costs less than making it again; if not, the cache is left alone. */
  readonly worthCaching: boolean;
}

/** Turns texts into vectors. */
export abstract class EmbeddingProvider {
  /** Names the model and everything that changes its vectors; part of cache keys and of a workspace's description. */
  abstract readonly modelId: string;

  /** Texts one call takes at most. */
  abstract readonly maxBatch: number;

  abstract readonly capabilities: EmbeddingCapabilities;

  /** Length of every vector; nothing until the first answer of a model whose dimension is not configured. */
  abstract readonly dimensions: number | undefined;

  /**
   * One vector of unit length a text, in the order of the texts; no texts, no call. At most `maxBatch` texts. An empty text is a
   * text.
   * @throws ModelError as the gateway does; EmbeddingError `embedding-answer-malformed` when the server's vectors do not fit
   */
  abstract embed(texts: readonly string[], context: ModelCallContext): Promise<Float32Array[]>;
}
