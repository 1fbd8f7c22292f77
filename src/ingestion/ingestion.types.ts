import type { Mapping } from './mapping/mapping.types.ts';
import type { Metadata, Workspace } from '../graph/graph.types.ts';

/** Something to ingest. */
export type Source =
  /** A file on disk; its name in the workspace is the path relative to `root`, with `/`. */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly root: string;
      readonly externalId?: string;
      /** What is known of its encoding, e.g. `text/plain; charset=iso-8859-1`. */
      readonly contentType?: string;
    }
  /** Bytes from elsewhere (an upload, stdin), read once. */
  | {
      readonly kind: 'stream';
      readonly name: string;
      readonly open: () => AsyncIterable<Uint8Array>;
      readonly sizeBytes?: number;
      /** Left out: the document's own, else its name without extension. */
      readonly title?: string;
      /** What the sender declared, e.g. `text/plain; charset=iso-8859-1`. */
      readonly contentType?: string;
      readonly externalId?: string;
      readonly metadata?: Metadata;
    }
  /** Bare text. */
  | {
      readonly kind: 'text';
      readonly title: string;
      readonly text: string;
      readonly externalId?: string;
      readonly metadata?: Metadata;
    };

/** One ingestion. */
export interface IngestRequest {
  readonly workspace: Workspace;
  readonly sources: AsyncIterable<Source> | Iterable<Source>;
  /** What someone else extracted: a JSONL file of `{passage, entities, triples}`. */
  readonly extractionsFile?: string;
  /** Left out: as INGEST_EXTRACTOR says. */
  readonly extractor?: 'rules' | 'model';
  /** Whether documents of the workspace that are not among the sources are deleted at the end; not if a source failed. */
  readonly prune?: boolean;
  /** What the columns of tables, and the fields of JSON, mean: each row of such a source is a document then. */
  readonly mapping?: Mapping;
  /** Only so many chunks are taken, to see how it goes; a document that is cut off counts as changed for the next run. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/** How far an ingestion is. */
export interface IngestProgress {
  readonly done: number;
  /** Grows while sources are still being found. */
  readonly total: number;
  readonly unit: 'bytes' | 'documents' | 'passages';
  /** The source under work. */
  readonly current?: string;
}

export type FileStatus = 'added' | 'updated' | 'unchanged' | 'skipped' | 'failed';

/** What became of one source. */
export interface FileReport {
  readonly source: string;
  readonly status: FileStatus;
  /** Documents it holds now; of a large JSONL file the first 1,000. */
  readonly documentIds: readonly string[];
  readonly chunks: number;
  readonly code?: string;
  readonly message?: string;
}

/** Documents and chunks by what became of them. */
export interface IngestTotals {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly failed: number;
  readonly chunks: number;
}

/** What an ingestion would do and cost. */
export interface IngestEstimate {
  /** Documents that are new or changed, sources and records that cannot be read, and chunks of the former. */
  readonly documents: number;
  readonly failed: number;
  readonly chunks: number;
  /** Chunks that the workspace does not have. */
  readonly newChunks: number;
  readonly calls: { readonly extract: number; readonly embed: number; readonly total: number };
  /** Of extraction; the tokens of answers are guessed from those of earlier ones. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly embeddingTokens: number;
  /** By config/models.json; 0 for models without a price there. */
  readonly costUsd: number;
  readonly seconds: number;
  /** Whether tokens and time are those of earlier calls in this workspace; else they are assumed. */
  readonly measured: boolean;
  readonly warnings: readonly string[];
}

/** The report of an ingestion, in the shape of the wire. */
export interface IngestReport {
  readonly files: readonly FileReport[];
  readonly totals: IngestTotals;
  readonly modelCalls: number;
  readonly seconds: number;
  /** Faults that cost less than a file, e.g. malformed triples; at most 100 are told. */
  readonly warnings: readonly string[];
}
