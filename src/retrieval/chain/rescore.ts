import type { PassageKey } from '../../graph/graph.types.ts';
import type { TermCounts, TextHits } from '../../graph/retrieval-columns.types.ts';
import type { RetrievalConfig } from '../retrieval-config.ts';
import type { Question } from './question.ts';

type Bm25Config = Pick<RetrievalConfig, 'bm25B' | 'bm25K1' | 'pairWeight' | 'titleWeight'>;

/** Passages to score, with what was counted in them. */
export interface CountedPassages {
  readonly passages: readonly PassageKey[];
  /** Of all stems and pairs of the question. */
  readonly counts: TermCounts;
  readonly frequencies: Pick<TextHits, 'passageCount' | 'stemFrequencies'>;
}

/** ln(1 + (N − df + ½) / (df + ½)) */
export function inverseDocumentFrequency(passageCount: number, frequency: number): number {
  return Math.log(1 + (passageCount - frequency + 0.5) / (frequency + 0.5));
}

/**
 * Scores passages by BM25F with a title channel (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
 * 2009, section 3.5): `tf = w·title/(1 − b + b·length/mean) + body/(1 − b + b·length/mean)`, summed over stems as
 * `idf · (k1 + 1) · tf / (tf + k1)`, a repeated stem counting again; plus `pairWeight` times the same over stems in a row, where the
 * document frequency of a pair is counted among these passages.
 * @param order the stems to score by, as places in the question's stems, as they follow each other
 * @returns a score for each passage, 0 or more
 */
export function rescored(question: Question, order: readonly number[], counted: CountedPassages, config: Bm25Config): Map<PassageKey, number> {
  const { counts, passages } = counted;
  const stems = question.stems.length;
  const pairs = question.pairs.length;
  const saturate = saturation(counts, config);
  const stemWeights = weightsOfStems(order, counted.frequencies);
  const pairWeights = config.pairWeight === 0 ? [] : weightsOfPairs(question, order, counted, config.pairWeight);
  return new Map(
    passages.map((passage, row) => {
      let score = 0;
      for (const [j, weight] of stemWeights) score += weight * saturate(row, counts.titleCounts[row * stems + j] ?? 0, counts.bodyCounts[row * stems + j] ?? 0);
      for (const [j, weight] of pairWeights) score += weight * saturate(row, counts.titlePairs[row * pairs + j] ?? 0, counts.bodyPairs[row * pairs + j] ?? 0);
      return [passage, score];
    }),
  );
}

type Weights = readonly (readonly [column: number, weight: number])[];

function weightsOfStems(order: readonly number[], { passageCount, stemFrequencies }: CountedPassages['frequencies']): Weights {
  const weights = new Map<number, number>();
  for (const j of order) weights.set(j, (weights.get(j) ?? 0) + inverseDocumentFrequency(passageCount, stemFrequencies[j] ?? 0));
  return [...weights];
}

function weightsOfPairs(question: Question, order: readonly number[], { counts, frequencies }: CountedPassages, pairWeight: number): Weights {
  const following = new Set(order.slice(1).map((second, i) => `${String(order[i])},${String(second)}`));
  return [...question.pairs.entries()]
    .filter(([, pair]) => following.has(pair.join()))
    .map(([j]) => [j, pairWeight * inverseDocumentFrequency(frequencies.passageCount, rowsWith(counts, j, question.pairs.length))]);
}

function saturation(counts: TermCounts, { bm25K1, bm25B, titleWeight }: Bm25Config): (row: number, title: number, body: number) => number {
  const norm = (length: number, mean: number): number => 1 - bm25B + (bm25B * length) / (mean || 1);
  return (row, title, body) => {
    if (title + body === 0) return 0;
    const ofTitle = (titleWeight * title) / norm(counts.titleLengths[row] ?? 0, counts.meanTitleLength);
    const tf = ofTitle + body / norm(counts.bodyLengths[row] ?? 0, counts.meanBodyLength);
    return ((bm25K1 + 1) * tf) / (tf + bm25K1);
  };
}

function rowsWith(counts: TermCounts, pair: number, pairs: number): number {
  let rows = 0;
  for (let cell = pair; cell < counts.bodyPairs.length; cell += pairs) rows += Number((counts.titlePairs[cell] ?? 0) + (counts.bodyPairs[cell] ?? 0) > 0);
  return rows;
}
