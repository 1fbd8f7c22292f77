import type { ChunkContent, ChunkPosition, EmbeddingSpace, StagedChunk, WorkspaceRef } from './graph.types.ts';

/** A visible passage as it was written. */
export interface StoredPassage {
  readonly documentId: string;
  readonly ordinal: number;
  readonly position: ChunkPosition;
  readonly content: ChunkContent;
}

/** Vectors of a visible passage, by its chunk's id. */
export type RenewedVectors = Pick<StagedChunk, 'id' | 'vector' | 'sentenceVectors'>;

/** A page of passages. */
export interface StoredPage {
  readonly passages: readonly StoredPassage[];
  /** Give it to the next call; absent on the last page. */
  readonly next?: number;
}

/**
 * What is kept of passages, for work on all of them at once.
 *
 * Methods throw GraphError `workspace-not-found`, and StorageError as DocumentWriter does.
 */
export abstract class StoredPassages {
  /** All visible passages in an order of the store, or those of one document by ordinal; at most `limit` (1 to 1000) a page. */
  abstract page(workspace: WorkspaceRef, query: { readonly documentId?: string; readonly after?: number; readonly limit: number }): Promise<StoredPage>;

  /**
   * Forgets every vector, and what they were made with. Until others are written questions are answered by words and names. What is staged
   * loses its vectors too.
   */
  abstract dropVectors(workspace: WorkspaceRef): Promise<void>;

  /**
   * Gives visible passages their vectors, in place of any they have; ids that are not visible are left out.
   * @throws GraphError `embedding-dimension-mismatch`
   */
  abstract writeVectors(workspace: WorkspaceRef, vectors: readonly RenewedVectors[], space: EmbeddingSpace): Promise<void>;
}
