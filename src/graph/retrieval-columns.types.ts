import type { PassageKey } from './graph.types.ts';

/*
 * Answers of the look-ups a question makes, as columns: they cross threads as typed arrays without being copied into objects.
 * A ragged column comes as `values` with `offsets` of one more entry than rows: row i owns values[offsets[i]] to
 * values[offsets[i + 1]], the end exclusive.
 */

/** A ragged column of integers. */
export interface RaggedColumn {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
}

/** What the text index says of a question. Rows are passages, best first; equal scores by rising tie. */
export interface TextHits {
  readonly passages: Int32Array;
  /** Above 0; larger is better; on the scale of the store's own BM25. */
  readonly scores: Float64Array;
  /** Visible passages in all: N of every idf. */
  readonly passageCount: number;
  /** For each stem asked, the passages that have it in title or body. */
  readonly stemFrequencies: Int32Array;
}

/**
 * How often stems stand in passages. Lengths and means count stems. The cell of passage row i and stem j is i × stems + j; likewise for
 * pairs of stems in a row, which stand within one sentence or the title.
 */
export interface TermCounts {
  readonly titleLengths: Int32Array;
  readonly bodyLengths: Int32Array;
  readonly titleCounts: Uint16Array;
  readonly bodyCounts: Uint16Array;
  readonly titlePairs: Uint16Array;
  readonly bodyPairs: Uint16Array;
  /** Over all visible passages. */
  readonly meanTitleLength: number;
  readonly meanBodyLength: number;
}

/** Rows are passages, nearest first. */
export interface VectorHits {
  readonly passages: Int32Array;
  /** -1 to 1, see VectorQuery. */
  readonly scores: Float64Array;
  /** For each of the query's `also`; NaN for a passage without a vector. */
  readonly alsoScores: Float64Array;
}

/** Rows are names. */
export interface NameColumns {
  readonly norms: readonly string[];
  /** The store's integer of the name, unique in its workspace. */
  readonly keys: Int32Array;
  /** 1: a walk name (a title, or a capitalised run of two passages or more); 0: a rare name, which only finds its own passage. */
  readonly walk: Uint8Array;
  /** Passages that have the name as a title or mention it. */
  readonly frequencies: Int32Array;
  /** By `specificityOf`. */
  readonly specificities: Float64Array;
  /** Passages whose title it is; cut to the near ones when longer than `LONG_LIST`. */
  readonly titlePassages: RaggedColumn;
  /** Passages that mention it (of a rare name: its one passage); cut like the titles. */
  readonly mentionPassages: RaggedColumn;
  /** Passages whose longer title holds it; cut like the titles. */
  readonly inTitlePassages: RaggedColumn;
  /** Whether the name is any passage's title, whatever the filter. */
  readonly hasTitle: Uint8Array;
}

/** How a passage is linked to a name. */
export const LINK_OWN_TITLE = 0;
export const LINK_MENTION = 1;

/** What one hop of the walk needs: the names of the beam's passages and where those names lead. */
export interface HopColumns {
  readonly passageCount: number;
  readonly names: NameColumns;
  /** Rows are the beam's passages in the order asked; values are rows of `names`. */
  readonly links: RaggedColumn;
  /** For each link: `LINK_OWN_TITLE` or `LINK_MENTION`. */
  readonly linkKinds: Uint8Array;
  /** For each link: numbers of the passage's sentences that mention the name. */
  readonly linkSentences: RaggedColumn;
  /**
   * Rows are the beam's passages: which of the stems asked stand where. Values alternate the number of a sentence, -1 for the title,
   * and the place of a stem among those asked; each once.
   */
  readonly stemHits: RaggedColumn;
}

/** The names found among n-grams of a question. */
export interface FoundNames {
  readonly passageCount: number;
  readonly names: NameColumns;
}

/** A list of passages longer than this is cut to those near the question. */
export const LONG_LIST = 10;

/** The passages near a question, at most a few hundred. */
export type NearPassages = readonly PassageKey[];

/** The order of ties: the shorter first, then by code unit. */
export function compareTies(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}
