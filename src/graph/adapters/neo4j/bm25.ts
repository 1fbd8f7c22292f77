import { scanTerms } from '../../indexing/packed-terms.ts';

/** A passage with its packed stems. */
export interface PackedPassage {
  readonly key: number;
  readonly tie: string;
  readonly terms: Int32Array;
}

/** Saturation, length normalisation and the weight of the title, as SQLite's FTS5 has them, so that both stores propose alike. */
const K1 = 1.2;
const B = 0.75;
const TITLE_WEIGHT = 2;
const LEAST_IDF = 1e-6;

/**
 * Scores by BM25 (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework", 2009) over stems, with one length for title and
 * body together, as in https://sqlite.org/fts5.html#the_bm25_function.
 * @param words stems searched, by their integers, with the passages that have them; one that is there twice counts twice
 */
export function bm25(
  passages: readonly PackedPassage[],
  words: readonly (readonly [stem: number, passages: number])[],
  { passageCount, meanLength }: { readonly passageCount: number; readonly meanLength: number },
): Float64Array {
  const idf = new Map<number, number>();
  for (const [stem, having] of words) {
    const own = Math.max(LEAST_IDF, Math.log((passageCount - having + 0.5) / (having + 0.5)));
    idf.set(stem, (idf.get(stem) ?? 0) + own);
  }
  const places = new Map([...idf.keys()].map((stem, place) => [stem, place]));
  const weights = [...idf.values()];
  const counts = new Float64Array(weights.length);
  return Float64Array.from(passages, ({ terms }) => {
    counts.fill(0);
    let length = 0;
    scanTerms(terms, (stem, sentence) => {
      length += 1;
      const place = places.get(stem);
      if (place !== undefined) counts[place] = (counts[place] ?? 0) + (sentence < 0 ? TITLE_WEIGHT : 1);
    });
    const norm = K1 * (1 - B + (B * length) / Math.max(meanLength, 1e-9));
    // In the order of the words, so that equal passages get exactly equal sums.
    return weights.reduce((score, weight, place) => {
      const count = counts[place] ?? 0;
      return score + (weight * count * (K1 + 1)) / (count + norm);
    }, 0);
  });
}
