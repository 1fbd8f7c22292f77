import type { RetrievalConfig } from './retrieval-config.ts';

/**
 * Whether asking for another order of the candidates, the first `rerankTop` passages, is worth its cost: there are more of them than
 * are wanted, and those behind the last one wanted carry at least `rerankTail` of the candidates' scores. When they carry less, the
 * walk is sure of its first ones, and what it left behind is hardly ever what was missing.
 *
 * The margin between the last passage wanted and the next one, which suggests itself, says nothing of the kind
 * (docs/decisions/when-reranking-pays.md).
 * @param scores by falling rank
 * @param k passages wanted
 */
export function worthReranking(scores: readonly number[], k: number, { rerankTop, rerankTail }: RetrievalConfig): boolean {
  const candidates = scores.slice(0, rerankTop);
  if (candidates.length <= k) return false;
  const total = sum(candidates);
  return total > 0 && sum(candidates.slice(k)) >= rerankTail * total;
}

function sum(scores: readonly number[]): number {
  return scores.reduce((total, score) => total + score, 0);
}
