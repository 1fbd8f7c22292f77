import type { PassageKey } from '../../graph/graph.types.ts';
import type { NameColumns, RaggedColumn } from '../../graph/retrieval-columns.types.ts';

/** One name with its lists, read out of columns. */
export interface NameView {
  readonly key: number;
  readonly norm: string;
  readonly walk: boolean;
  readonly frequency: number;
  /** How specific the name is, in [0, 1]. */
  readonly specificity: number;
  readonly hasTitle: boolean;
  readonly titlePassages: Int32Array;
  readonly mentionPassages: Int32Array;
  readonly inTitlePassages: Int32Array;
}

/** A row of a ragged column. */
export function rowOf(column: RaggedColumn, row: number): Int32Array {
  return column.values.subarray(column.offsets[row], column.offsets[row + 1]);
}

/** A view of one row of the columns. */
export function nameView(names: NameColumns, row: number): NameView {
  return {
    key: names.keys[row] ?? 0,
    norm: names.norms[row] ?? '',
    walk: names.walk[row] === 1,
    frequency: names.frequencies[row] ?? 0,
    specificity: names.specificities[row] ?? 0,
    hasTitle: names.hasTitle[row] === 1,
    titlePassages: rowOf(names.titlePassages, row),
    mentionPassages: rowOf(names.mentionPassages, row),
    inTitlePassages: rowOf(names.inTitlePassages, row),
  };
}

/** Weights divided by their sum. */
export function shares(passages: Iterable<PassageKey>, weight: (passage: PassageKey) => number): Map<PassageKey, number> {
  const weights = new Map<PassageKey, number>();
  let total = 0;
  for (const passage of passages) {
    const value = weight(passage);
    weights.set(passage, value);
    total += value;
  }
  for (const [passage, value] of weights) weights.set(passage, value / total);
  return weights;
}
