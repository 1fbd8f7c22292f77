import type { PassageKey } from '../../graph/graph.types.ts';
import type { TextHits } from '../../graph/retrieval-columns.types.ts';
import type { Question } from './question.ts';

/** Relevance to the question in [0, 1]; a passage that is not listed has 0. */
export type Relevance = ReadonlyMap<PassageKey, number>;

/** BM25 divided by the best passage's. */
export function lexicalRelevance(hits: TextHits): Relevance {
  const best = hits.scores.reduce((max, score) => Math.max(max, score), 0) || 1;
  return new Map(Array.from(hits.passages, (passage, i) => [passage, (hits.scores[i] ?? 0) / best]));
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

/** The inverse document frequency of each stem of the question: ln(1 + (N − df + ½) / (df + ½)). */
export function questionIdf(question: Question, hits: TextHits, unseenIdf: number): Map<string, number> {
  const n = hits.passageCount;
  return new Map(
    question.stems.map((stem, i) => {
      const df = hits.stemFrequencies[i] ?? 0;
      return [stem, df === 0 ? unseenIdf : Math.log(1 + (n - df + 0.5) / (df + 0.5))];
    }),
  );
}
