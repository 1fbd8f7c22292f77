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
 * The convex combination of lexical relevance and cosines, both scaled to [0, 1] over the candidates, divided by its own best
 * (S. Bruch et al., "An Analysis of Fusion Functions for Hybrid Retrieval", TOIS 2023).
 * @param cosines NaN for a passage without a vector, which then counts as the least similar
 */
export function hybridRelevance(lexical: Relevance, cosines: ReadonlyMap<PassageKey, number>, denseWeight: number): Relevance {
  const known = [...cosines.values()].filter((value) => !Number.isNaN(value));
  const low = Math.min(...known);
  const spread = Math.max(...known) - low || 1;
  const combined = new Map<PassageKey, number>();
  for (const passage of new Set([...lexical.keys(), ...cosines.keys()])) {
    const cosine = cosines.get(passage) ?? Number.NaN;
    const dense = Number.isNaN(cosine) ? 0 : (cosine - low) / spread;
    combined.set(passage, (1 - denseWeight) * (lexical.get(passage) ?? 0) + denseWeight * dense);
  }
  const best = Math.max(0, ...combined.values()) || 1;
  return new Map(Array.from(combined, ([passage, value]) => [passage, value / best]));
}

/** The inverse document frequency of each stem of the question, in order; of one that no passage has, `unseenIdf`. */
export function questionIdf(question: Question, hits: TextHits, unseenIdf: number): number[] {
  return question.stems.map((_, i) => {
    const frequency = hits.stemFrequencies[i] ?? 0;
    return frequency === 0 ? unseenIdf : inverseDocumentFrequency(hits.passageCount, frequency);
  });
}
