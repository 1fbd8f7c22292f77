import type { LinkKind } from '../../indexing/name-counts.ts';

/* What a reader knows of a file and keeps between questions. */

/** The lists a name leads by: its titles, what mentions it, the longer titles that hold it. */
export const LISTS = ['titles', 'mentions', 'inTitles'] as const;
export type ListName = (typeof LISTS)[number];

/** A name with the passages it leads to, by itself. */
export interface NameMember {
  readonly id: number;
  /** By what kind of link it leads to the passages of a list. */
  readonly kinds: Readonly<Record<ListName, LinkKind>>;
  /** Lists of more than LONG_LIST passages, which are not read but cut to the near passages of a question. */
  readonly long: ReadonlySet<ListName>;
  readonly short: Readonly<Record<ListName, readonly number[]>>;
}

/** A name with what does not depend on the question. */
export interface KnownName {
  readonly id: number;
  readonly norm: string;
  /** Whether it is an n-gram of a script without capitals and nothing more. */
  readonly gram: boolean;
  /** Whether it leads somewhere by itself: a walk name or an n-gram. */
  readonly leads: boolean;
  /** Whether it leads somewhere, by itself or as an alias. */
  readonly walk: boolean;
  readonly hasTitle: boolean;
  /** Passages that have it. */
  readonly frequency: number;
  readonly specificity: number;
  /** Itself, and the names of the entities it is an alias of. */
  readonly members: readonly NameMember[];
  /** Its lists, if none of them is long. */
  readonly whole: Readonly<Record<ListName, Int32Array>> | undefined;
}

/** A stem's integer and the passages that have it; of one that no passage has, zeros. */
export interface KnownTerm {
  readonly id: number;
  readonly passages: number;
}

/** A passage's own vector, and the packed ones of its sentences. */
export interface StoredVectors {
  readonly own: Float32Array;
  readonly sentences: Uint8Array | null;
}

/** Where a passage belongs and its place among equals. */
export interface PassageInfo {
  readonly document: number;
  /** Stable order of passages: compare by length, then by code unit. */
  readonly tie: string;
}
