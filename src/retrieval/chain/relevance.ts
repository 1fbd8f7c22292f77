import type { PassageKey } from '../../graph/graph.types.ts';
import type { TextHits } from '../../graph/retrieval-columns.types.ts';
import type { Question } from './question.ts';
import { inverseDocumentFrequency } from './rescore.ts';

/** Relevance to the question in [0, 1]; a passage that is not listed has 0. */
export type Relevance = ReadonlyMap<PassageKey, number>;

/** Scores divided by the best passage's. */
export function lexicalRelevance(scores: ReadonlyMap<PassageKey, number>): Relevance {
  const best = Math.max(0, ...scores.values()) || 1;
  return new Map(Array.from(scores, ([passage, score]) => [passage, score / best]));
}

/** The convex combination of two relevances of the same passages, divided by its own best. */
export function combined(first: Relevance, second: Relevance, weightOfFirst: number): Relevance {
  return lexicalRelevance(new Map(Array.from(first, ([passage, value]) => [passage, weightOfFirst * value + (1 - weightOfFirst) * (second.get(passage) ?? 0)])));
}

/** The text index's own scores by passage. */
export function indexScores(hits: TextHits): Map<PassageKey, number> {
  return new Map(Array.from(hits.passages, (passage, i) => [passage, hits.scores[i] ?? 0]));
}

/**
 * Cosines scaled to [0, 1] over the candidates.
 * @param cosines NaN for a passage without a vector, which then counts as the least similar
 */
export function denseRelevance(cosines: ReadonlyMap<PassageKey, number>): Relevance {
  const known = [...cosines.values()].filter((value) => !Number.isNaN(value));
  const low = Math.min(...known);
  const spread = Math.max(...known) - low || 1;
  return new Map(Array.from(cosines, ([passage, cosine]) => [passage, Number.isNaN(cosine) ? 0 : (cosine - low) / spread]));
}

/**
 * The convex combination of lexical and dense relevance, divided by its own best (S. Bruch et al., "An Analysis of Fusion Functions for
 * Hybrid Retrieval", TOIS 2023).
 */
export function hybridRelevance(lexical: Relevance, dense: Relevance, denseWeight: number): Relevance {
  const both = new Map<PassageKey, number>();
  let best = 0;
  const enter = (passage: PassageKey, value: number): void => {
    both.set(passage, value);
    best = Math.max(best, value);
  };
  for (const [passage, value] of lexical) enter(passage, (1 - denseWeight) * value + denseWeight * (dense.get(passage) ?? 0));
  for (const [passage, value] of dense) if (!lexical.has(passage)) enter(passage, denseWeight * value);
  if (best > 0) for (const [passage, value] of both) both.set(passage, value / best);
  return both;
}

/** The inverse document frequency of each stem of the question, in order; of one that no passage has, `unseenIdf`. */
export function questionIdf(question: Question, hits: TextHits, unseenIdf: number): number[] {
  return question.stems.map((_, i) => {
    const frequency = hits.stemFrequencies[i] ?? 0;
    return frequency === 0 ? unseenIdf : inverseDocumentFrequency(hits.passageCount, frequency);
  });
}
