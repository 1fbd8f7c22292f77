import type { PassageKey } from '../../graph/graph.types.ts';
import type { Via, WalkStep } from '../retrieval.types.ts';
import type { KeyStep } from './explain.ts';

/** Rank, from 1, and score of a passage in one stage. */
export type Ranking = ReadonlyMap<PassageKey, { readonly rank: number; readonly score: number }>;

const MILLIONTHS = 1e6;

/** A score as it goes out: to the millionth. */
export function roundScore(score: number): number {
  return Math.round(score * MILLIONTHS) / MILLIONTHS;
}

/** Passages in order with their score by index. */
export function rankingOf(passages: Iterable<PassageKey>, scoreOf: (index: number) => number): Ranking {
  return new Map(Array.from(passages, (passage, i) => [passage, { rank: i + 1, score: scoreOf(i) }]));
}

/** Why a passage was found, in the shape of the wire. */
export function viaOf(
  passage: PassageKey,
  why: {
    readonly lexical: Ranking;
    readonly dense: Ranking;
    readonly graph: { readonly seeds: readonly string[]; readonly paths: readonly KeyStep[] };
    readonly chunkIds: ReadonlyMap<PassageKey, string>;
  },
): Via {
  const lexical = why.lexical.get(passage);
  const dense = why.dense.get(passage);
  const paths = why.graph.paths.map(([from, name, to]): WalkStep => [why.chunkIds.get(from) ?? '', name, why.chunkIds.get(to) ?? '']);
  return {
    ...(lexical === undefined ? {} : { lexical: { rank: lexical.rank, score: roundScore(lexical.score) } }),
    ...(dense === undefined ? {} : { dense: { rank: dense.rank, score: roundScore(dense.score) } }),
    ...(why.graph.seeds.length + paths.length === 0 ? {} : { graph: { seeds: why.graph.seeds, paths } }),
  };
}
