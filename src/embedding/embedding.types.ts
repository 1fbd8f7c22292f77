/** What turns texts into vectors here. */
export interface EmbeddingDescription {
  /** Names the model and everything that changes its vectors. */
  readonly modelId: string;
  /** Length of every vector; nothing until the first answer of a model whose dimension is not configured. */
  readonly dimensions: number | undefined;
  /** Whether near vectors mean near meaning; if not, vectors never enter relevance. */
  readonly semantic: boolean;
  /** Texts of one call at most. */
  readonly maxBatch: number;
}
