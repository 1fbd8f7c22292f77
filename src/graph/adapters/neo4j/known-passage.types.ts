import type { PassageKey } from '../../graph.types.ts';

/** A visible passage as the walk needs it. */
export interface KnownPassage {
  readonly key: PassageKey;
  readonly document: number;
  readonly tie: string;
  readonly chunkId: string;
  readonly title: string;
  /** Packed. */
  readonly links: Int32Array;
  /** Packed stems. */
  readonly terms: Int32Array;
}
