import type { DocumentInput, EmbeddingSpace, Generation, StagedChunk, WorkspaceRef } from './graph.types.ts';

/** What a publication or deletion did. */
export interface WriteResult {
  /** Documents that became visible for the first time, were replaced, or had already been published by someone else. */
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: readonly string[];
  readonly deleted: readonly string[];
  /** Blobs that no visible or staged document refers to any longer; the caller removes them. */
  readonly releasedBlobs: readonly string[];
  readonly indexVersion: number;
}

/** Chunks for one open generation. */
export interface StagedBatch {
  readonly generation: Generation;
  readonly chunks: readonly StagedChunk[];
}

/**
 * Writes documents as hidden generations. Until `publish`, no search, count or statistic sees them, in this process or another.
 * Names, entities and relations live exactly as long as a visible chunk has them, and what is visible depends only on the visible
 * documents, never on the order in which they came.
 *
 * Every method throws GraphError `workspace-not-found` when the workspace was dropped, and StorageError `store-unavailable`,
 * `store-busy` (retryable), `disk-full` or `data-read-only`; then nothing of the call is visible.
 */
export abstract class DocumentWriter {
  /** Opens a generation for each document, in order. Two may be open for one document: the last one published stays. */
  abstract begin(workspace: WorkspaceRef, documents: readonly DocumentInput[]): Promise<Generation[]>;

  /** Which of these chunks the store already holds, visibly, so that they need neither content, vector nor extraction. */
  abstract known(workspace: WorkspaceRef, chunkIds: readonly string[]): Promise<ReadonlySet<string>>;

  /**
   * Stages chunks. The first vectors fix the workspace's embedding space, which holds for passages and sentences. A chunk's vectors live
   * exactly as long as its passage.
   * @throws GraphError `generation-not-open`, `embedding-dimension-mismatch` (names `reindex`)
   */
  abstract writeBatch(workspace: WorkspaceRef, batches: readonly StagedBatch[], space?: EmbeddingSpace): Promise<void>;

  /**
   * Replaces what an open generation says of its document; the document itself stays the same.
   * @throws GraphError `generation-not-open`
   */
  abstract amend(workspace: WorkspaceRef, generation: Generation, document: DocumentInput): Promise<void>;

  /**
   * Makes generations visible and releases the ones they replace, all in one transaction. A document of more than 10,000 chunks
   * moves in parts and becomes visible with the last. A chunk staged without content whose content has gone meanwhile fails the
   * call with `generation-not-open`, retryable: stage it again.
   */
  abstract publish(workspace: WorkspaceRef, generations: readonly Generation[]): Promise<WriteResult>;

  /** Forgets generations that will not be published; returns released blobs. Unknown ones are no error. */
  abstract abandon(workspace: WorkspaceRef, generations: readonly Generation[]): Promise<readonly string[]>;

  /** Removes documents and all that only they held. Unknown ids are left out of the result. */
  abstract deleteDocuments(workspace: WorkspaceRef, documentIds: readonly string[]): Promise<WriteResult>;

  /** Forgets generations whose process is gone; returns how many and the blobs released. */
  abstract sweep(workspace: WorkspaceRef): Promise<{ readonly generations: number; readonly releasedBlobs: readonly string[] }>;

  /** Which of these blobs a visible or staged document refers to. */
  abstract blobsInUse(workspace: WorkspaceRef, keys: readonly string[]): Promise<ReadonlySet<string>>;
}
