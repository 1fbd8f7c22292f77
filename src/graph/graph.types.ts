import type { JsonValue } from '../storage/storage.types.ts';

/** A tenant's wall. Everything that is kept of it is kept under its uid, so a dropped and re-created slug inherits nothing. */
export interface Workspace {
  /** `[a-z0-9][a-z0-9-]{0,62}` */
  readonly slug: string;
  /** Random, made at creation. */
  readonly uid: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What every store call names: whose data it is about. */
export type WorkspaceRef = Pick<Workspace, 'uid'>;

/** What the vectors of a workspace were made with. */
export interface EmbeddingSpace {
  readonly modelId: string;
  readonly dimensions: number;
  /** Whether near vectors mean near meaning; only then they enter relevance. */
  readonly semantic: boolean;
}

/** Counts over what is visible. */
export interface WorkspaceStats {
  readonly documents: number;
  readonly chunks: number;
  readonly names: number;
  readonly entities: number;
  readonly relations: number;
  /** Grows with every visible change. */
  readonly indexVersion: number;
  /** Nothing before the first vector. */
  readonly embedding: EmbeddingSpace | undefined;
}

export type Metadata = Readonly<Record<string, JsonValue>>;

/** A stretch of a blob, in bytes. */
export interface BlobRange {
  readonly key: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** A document as ingestion hands it over. */
export interface DocumentInput {
  /**
   * The document's name within its workspace: the caller's id, else the path relative to the ingested folder, a lone file's base
   * name, for bare text its hash. Its id is derived from it.
   */
  readonly externalId: string;
  readonly title: string;
  readonly mediaType: string;
  /** Hash of bytes, title, metadata and the settings that shape chunks: the same hash means nothing to do. */
  readonly contentHash: string;
  readonly metadata: Metadata;
  /** Where the original bytes lie. */
  readonly original: BlobRange;
  /** Where the decoded text lies, as UTF-8. */
  readonly text: BlobRange;
}

export type DocumentStatus = 'indexing' | 'ready' | 'failed';

/** A document as it is listed. */
export interface DocumentRecord extends DocumentInput {
  readonly id: string;
  readonly status: DocumentStatus;
  /** Visible chunks. */
  readonly chunks: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Where a chunk stands in its document. Offsets count UTF-16 code units, `end` is exclusive; lines and pages count from 1. */
export interface ChunkPosition {
  readonly start: number;
  readonly end: number;
  readonly page?: number;
  /** First and last row of a table, both inclusive. */
  readonly rows?: readonly [number, number];
  /** First and last line, both inclusive. */
  readonly lines?: readonly [number, number];
  readonly speaker?: string;
  /** Where in a recording it starts, in seconds. */
  readonly timeSeconds?: number;
}

/** An entity that an extractor found in a chunk. */
export interface ExtractedEntity {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  /** What tells it from namesakes of its type, normalised ("pilot"); two senses are two entities. Left out: there is nothing to tell. */
  readonly sense?: string;
  /** Other names of the same thing. */
  readonly aliases?: readonly string[];
}

/** A relation that an extractor found in a chunk; its ends are names of entities of the same chunk. */
export interface ExtractedRelation {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly description: string;
}

/** What was extracted from one chunk. */
export interface Extraction {
  /**
   * Whether its entities and their aliases are names of the chunk, beside the capitalised runs of its text: so for what a model or a
   * person found. Rules see nothing that the runs do not hold.
   */
  readonly givesNames?: boolean;
  readonly entities: readonly ExtractedEntity[];
  readonly relations: readonly ExtractedRelation[];
}

/** The content of a chunk. Its id is a hash of document, title, text and the how-manieth of its like it is. */
export interface ChunkContent {
  readonly id: string;
  /** Document title and heading path: the title channel of the index. */
  readonly title: string;
  /** Literally the document's text from `start` to `end`. */
  readonly text: string;
  /** Offsets in `text` at which a paragraph, turn or line starts, rising; no sentence crosses one. Empty: one block. */
  readonly blocks: readonly number[];
}

/** One chunk of a generation, as staged. */
export interface StagedChunk {
  readonly id: string;
  /** Place within the document, from 0. */
  readonly ordinal: number;
  readonly position: ChunkPosition;
  /** Left out for a chunk that the store said it knows: then it keeps its vectors and extraction. */
  readonly content?: ChunkContent;
  /** Unit length; needed once the workspace has vectors, if content is given. */
  readonly vector?: Float32Array;
  /**
   * Vectors of the passage's sentences, one behind the other, each of unit length and of the passage vector's dimensions; only beside
   * `vector`. Stores may round them as long as cosines stay within 0.005.
   */
  readonly sentenceVectors?: Float32Array;
  readonly extraction?: Extraction;
}

/** A document's new, still hidden content. */
export interface Generation {
  readonly id: string;
  readonly documentId: string;
  /** `unchanged`: the live generation has the same content hash, there is nothing to write or publish. */
  readonly state: 'open' | 'unchanged';
}

/** Restricts a question to some documents; all that is given must hold. */
export interface PassageFilter {
  readonly documentIds?: readonly string[];
  readonly externalIds?: readonly string[];
  /** ISO 8601 bounds, inclusive, on the document's `metadata.date`, else on the time of its last change. */
  readonly from?: string;
  readonly to?: string;
  readonly metadata?: Readonly<Record<string, MetadataCondition>>;
}

export type MetadataScalar = string | number | boolean | null;

/** A value, one of several, or a range. A list in the metadata meets a condition if one of its items does. */
export type MetadataCondition =
  | MetadataScalar
  | { readonly in: readonly MetadataScalar[] }
  | { readonly gte?: string | number; readonly gt?: string | number; readonly lte?: string | number; readonly lt?: string | number };

/**
 * A passage within a retrieval: an integer the store gave it, unique in its workspace and valid while the passage is visible.
 * Cheap to send in columns; ids for the outside come with `chunks()`.
 */
export type PassageKey = number;

/** A passage as it is read for an answer. */
export interface Passage extends ChunkPosition {
  readonly key: PassageKey;
  readonly chunkId: string;
  readonly documentId: string;
  readonly externalId: string;
  readonly documentTitle: string;
  readonly title: string;
  readonly text: string;
  readonly ordinal: number;
  readonly metadata: Metadata;
  /** Entities mentioned, most specific first, at most 20. */
  readonly entities: readonly string[];
}

/** What a passage is called. */
export type PassageLabel = Pick<Passage, 'chunkId' | 'title'>;

export interface GraphNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** What tells it from namesakes of its type, where something does. */
  readonly sense?: string;
  readonly degree: number;
}

export interface GraphEdge {
  /** Ids of nodes. */
  readonly source: string;
  readonly target: string;
  readonly type: string;
  /** Number of chunks that assert it. */
  readonly weight: number;
  readonly evidence: readonly { readonly documentId: string; readonly chunkId: string }[];
}

/** A part of the graph, for a picture. */
export interface GraphPicture {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** One of the two things a relation holds between. */
export interface RelationEnd {
  /** As most of the passages asked about write it. */
  readonly name: string;
  /**
   * Normalised: first its own name, then of its aliases, wherever they were told, those that are among the names asked about or are
   * the own name of another end.
   */
  readonly norms: readonly string[];
}

/** A passage that asserts a relation, and what it says of it; the description may be empty. */
export interface RelationEvidence {
  readonly passage: PassageKey;
  readonly documentId: string;
  readonly chunkId: string;
  readonly description: string;
}

/** A relation among entities, with what asserts it. */
export interface RelationFact {
  /** Made of its ends and its type, so it does not depend on when it came. */
  readonly id: string;
  readonly source: RelationEnd;
  readonly target: RelationEnd;
  readonly type: string;
  /** Those of the passages asked about that assert it, in the order asked; never empty. */
  readonly evidence: readonly RelationEvidence[];
}
