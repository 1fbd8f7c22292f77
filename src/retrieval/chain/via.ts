import type { PassageKey, PassageLabel } from '../../graph/graph.types.ts';
import type { Via, WalkStep } from '../retrieval.types.ts';
import type { KeyStep } from './explain.ts';

/** Rank, from 1, and score of a passage in one stage; equal scores have the same rank. */
export type Ranking = (passage: PassageKey) => { readonly rank: number; readonly score: number } | undefined;

/** What passages are called, by key. */
export type Labels = ReadonlyMap<PassageKey, PassageLabel>;

const MILLIONTHS = 1e6;

/** A score as it goes out: to the millionth. */
export function roundScore(score: number): number {
  return Math.round(score * MILLIONTHS) / MILLIONTHS;
}

/** The ranking by scores, of which NaN is none. Only a few passages are asked for, so that nothing is sorted. */
export function rankingOf(scores: ReadonlyMap<PassageKey, number>): Ranking {
  return (passage) => {
    const score = scores.get(passage) ?? Number.NaN;
    if (Number.isNaN(score)) return undefined;
    let better = 0;
    for (const other of scores.values()) better += Number(other > score);
    return { rank: better + 1, score };
  };
}

/** Why a passage was found, in the shape of the wire. */
export function viaOf(passage: PassageKey, why: { readonly lexical: Ranking; readonly dense: Ranking; readonly graph: Via['graph'] | undefined }): Via {
  const lexical = why.lexical(passage);
  const dense = why.dense(passage);
  return {
    ...(lexical === undefined ? {} : { lexical: { rank: lexical.rank, score: roundScore(lexical.score) } }),
    ...(dense === undefined ? {} : { dense: { rank: dense.rank, score: roundScore(dense.score) } }),
    ...(why.graph === undefined ? {} : { graph: why.graph }),
  };
}

/**
 * The names of the question and the steps of the walk that led to a passage; nothing if neither did.
 * @param seeds for a passage the names of the question that lead to it at once
 */
export function graphOf(passage: PassageKey, path: readonly KeyStep[], seeds: ReadonlyMap<PassageKey, readonly string[]>, labels: Labels): Via['graph'] {
  const names = seeds.get(passage) ?? [];
  const [first] = path;
  if (first === undefined) return names.length === 0 ? undefined : { seeds: names, paths: [] };
  const label = (key: PassageKey): PassageLabel => labels.get(key) ?? { chunkId: '', title: '' };
  const paths = path.map(([from, name, to]): WalkStep => [label(from).chunkId, name, label(to).chunkId]);
  const titles = [first[0], ...path.map(([, , to]) => to)].map(label);
  const start = seeds.get(first[0]) ?? [];
  return {
    seeds: names,
    paths,
    ...(start.length === 0 ? {} : { start }),
    titles: Object.fromEntries(titles.map(({ chunkId, title }) => [chunkId, title])),
  };
}
