import type { ModelUsage } from '../models/models.types.ts';
import type { PassageFilter, PassageKey, Workspace } from '../graph/graph.types.ts';

/** A question to a workspace. */
export interface RetrievalRequest {
  readonly workspace: Workspace;
  readonly query: string;
  /** Passages wanted, 1 to 100. */
  readonly k: number;
  readonly filter?: PassageFilter;
  readonly signal?: AbortSignal;
}

/** A step of the walk: from one chunk over a name to another. */
export type WalkStep = readonly [fromChunkId: string, name: string, toChunkId: string];

/** Why a passage was found. */
export interface Via {
  readonly lexical?: { readonly rank: number; readonly score: number };
  readonly dense?: { readonly rank: number; readonly score: number };
  readonly graph?: {
    /** Names of the question that lead to this passage at once. */
    readonly seeds: readonly string[];
    /** The steps of the walk that led here, the first first; each begins where the one before ended. */
    readonly paths: readonly WalkStep[];
    /** Names of the question that lead to the passage where the first step begins; left out when there are none. */
    readonly start?: readonly string[];
    /** Titles of the passages the steps lead over, by chunk id; left out when there are no steps. */
    readonly titles?: Readonly<Record<string, string>>;
  };
  /** The rank the search gave it, where a reranker moved it. */
  readonly rerank?: { readonly from: number };
}

/** A passage of the answer, in the shape of the wire. */
export interface RetrievedPassage {
  readonly rank: number;
  /** Of the search; where a reranker moved passages, scores do not fall with the rank. */
  readonly score: number;
  readonly documentId: string;
  readonly externalId: string;
  readonly chunkId: string;
  readonly title: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly page?: number;
  /** First and last row of a table. */
  readonly rows?: readonly [number, number];
  readonly lines?: readonly [number, number];
  readonly speaker?: string;
  /** Where in a recording it starts, in seconds. */
  readonly timeSeconds?: number;
  readonly via: Via;
  readonly entities: readonly string[];
}

/** What each stage found: passages of `lexical`, `dense`, `hop1`, `hop2` and `read`, names of `names`. */
export type StageCounts = Readonly<Record<string, number>>;

/** Milliseconds by stage and in `total`, and what the stages of retrieval found in `counts`. */
export interface Timings {
  readonly [stage: string]: number | StageCounts;
  readonly total: number;
  readonly counts: StageCounts;
}

/** How common the question's words are in the workspace. */
export interface QuestionFrequencies {
  /** Visible passages in all. */
  readonly passageCount: number;
  /** For each stem of the question the passages that have it. */
  readonly byStem: ReadonlyMap<string, number>;
}

/** Warnings as they stand on the wire: left out when there are none. */
export function toldWarnings(warnings: readonly string[]): { readonly warnings?: readonly string[] } {
  return warnings.length === 0 ? {} : { warnings };
}

/** Usage as it stands on the wire beside passages: left out when no model was asked. */
export function toldUsage(usage: ModelUsage): { readonly usage?: ModelUsage } {
  return usage.promptTokens + usage.completionTokens === 0 ? {} : { usage };
}

/** What a question found. */
export interface RetrievalResult {
  readonly passages: readonly RetrievedPassage[];
  /** Store keys of the passages, in the same order, for further look-ups within this request. */
  readonly keys: readonly PassageKey[];
  readonly timings: Timings;
  readonly frequencies: QuestionFrequencies;
  /** How much of the walk's weight went over each of the heaviest names, by normalised name, heaviest first. */
  readonly nameWeights: ReadonlyMap<string, number>;
  /** Of the chat model that was asked for the order, if it was; all 0 otherwise. */
  readonly usage: ModelUsage;
  /** What could not be used, in a sentence each, e.g. an embedding server that is away. */
  readonly warnings: readonly string[];
}
