import type { DocumentRecord, Passage, PassageFilter, PassageKey, PassageLabel, WorkspaceRef } from './graph.types.ts';
import type { TermCounts, TextHits, VectorHits } from './retrieval-columns.types.ts';

/** A question to the text index. */
export interface TextQuery {
  /** Distinct normalised words without stop words; a passage needs one of them. */
  readonly words: readonly string[];
  /** Stems whose document frequencies are wanted, in order. */
  readonly stems: readonly string[];
  /** Passages wanted at most. */
  readonly k: number;
  /**
   * Bounds what a search reads, however large the index: words are searched rarest first, and the rest is left out once the passages
   * that have them, summed up, exceed this number while two words that any passage has stand. Left out: every word is searched.
   */
  readonly postings?: number;
  /**
   * Neither order nor scores are wanted: where no more than `postings` passages have the words searched, a store may give all of them, by
   * rising key and with scores of 0, instead of the best `k`.
   */
  readonly unranked?: boolean;
  readonly filter?: PassageFilter;
}

/** Which stems to count in which passages. */
export interface TermCountQuery {
  readonly passages: readonly PassageKey[];
  /** Distinct. */
  readonly stems: readonly string[];
  /** Pairs of places in `stems`, distinct. */
  readonly pairs: readonly (readonly [first: number, second: number])[];
}

/**
 * A question to the vector index. A passage's score is (its vector's cosine with the question's + the greatest cosine of its sentences'
 * vectors) / 2; one without sentence vectors counts its own cosine for both.
 */
export interface VectorQuery {
  readonly vector: Float32Array;
  readonly k: number;
  /** Passages whose scores are wanted too, however far they are; no filter holds for them. */
  readonly also?: readonly PassageKey[];
  readonly filter?: PassageFilter;
}

/** Which documents a page lists. */
export interface DocumentQuery {
  readonly cursor?: string;
  /** 1 to 1000, default 100. */
  readonly limit?: number;
  readonly filter?: PassageFilter;
}

/** What changed after a version; `complete: false` when the log no longer reaches back so far: then read all again. */
export interface IndexChanges {
  readonly indexVersion: number;
  readonly complete: boolean;
  readonly addedPassages: Int32Array;
  readonly removedPassages: Int32Array;
}

/**
 * Finds and reads passages. `k` results come whenever `k` exist under the filter: filters hold inside the search. Only what is
 * published is seen, and a change in another process is seen by the next call.
 *
 * Methods throw GraphError `workspace-not-found` and StorageError `store-unavailable`; an aborted signal rejects with its reason.
 */
export abstract class PassageIndex {
  abstract searchText(workspace: WorkspaceRef, query: TextQuery, signal?: AbortSignal): Promise<TextHits>;

  /**
   * How often stems, and pairs of stems in a row within a sentence, stand in title and body of passages. A passage that is unknown
   * or has gone counts nothing. The means are those of the visible passages.
   */
  abstract termCounts(workspace: WorkspaceRef, query: TermCountQuery, signal?: AbortSignal): Promise<TermCounts>;

  /**
   * For each passage its place among equals, which does not depend on when it came: compare with `compareTies`. Of a passage that has
   * gone the empty string.
   */
  abstract ties(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<string[]>;

  /** @throws GraphError `embedding-dimension-mismatch` when the vector's length is not the workspace's */
  abstract searchVectors(workspace: WorkspaceRef, query: VectorQuery, signal?: AbortSignal): Promise<VectorHits>;

  /** The scores of passages, as a VectorQuery has them; NaN for a passage without a vector. */
  abstract similarities(workspace: WorkspaceRef, vector: Float32Array, passages: readonly PassageKey[]): Promise<Float64Array>;

  /** Passages in the order asked; one that has gone meanwhile is left out. */
  abstract passages(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<Passage[]>;

  /** What passages are called, without reading them; those that have gone meanwhile are left out. */
  abstract labels(workspace: WorkspaceRef, keys: readonly PassageKey[]): Promise<ReadonlyMap<PassageKey, PassageLabel>>;

  /** Passages by chunk id, in the order asked; unknown ones are left out. */
  abstract chunks(workspace: WorkspaceRef, chunkIds: readonly string[]): Promise<Passage[]>;

  /** Documents by rising external id. */
  abstract documents(
    workspace: WorkspaceRef,
    query: DocumentQuery,
  ): Promise<{ readonly documents: readonly DocumentRecord[]; readonly nextCursor?: string }>;

  /** @throws GraphError `document-not-found` */
  abstract document(workspace: WorkspaceRef, documentId: string): Promise<DocumentRecord>;

  /** Content hashes by external id of those documents that exist, to see what is unchanged. */
  abstract contentHashes(workspace: WorkspaceRef, externalIds: readonly string[]): Promise<ReadonlyMap<string, string>>;

  abstract changesSince(workspace: WorkspaceRef, indexVersion: number): Promise<IndexChanges>;
}
