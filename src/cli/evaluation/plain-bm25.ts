import { words } from '../../common/text/words.ts';

/** Usual constants of BM25: Robertson, Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3.2. */
const K1 = 1.2;
const B = 0.75;

/** Passages that have a word, and how often each has it. */
interface Postings {
  readonly passages: number[];
  readonly counts: number[];
}

interface Scored {
  readonly at: number;
  readonly score: number;
}

/**
 * BM25 as anybody would write it down, as a yardstick: over whole texts, no stop word left out, no word stemmed, a repeated word of
 * the question counted again. A word's idf is ln(1 + (N - df + 1/2) / (df + 1/2)). Holds all postings in memory.
 */
export class PlainBm25<Passage> {
  readonly #compareTies: (one: Passage, other: Passage) => number;
  readonly #passages: Passage[] = [];
  readonly #lengths: number[] = [];
  readonly #postings = new Map<string, Postings>();
  #totalLength = 0;

  /** @param compareTies orders passages of equal score, so that the ranking does not depend on the order they came in */
  constructor(compareTies: (one: Passage, other: Passage) => number) {
    this.#compareTies = compareTies;
  }

  /** Takes a passage in. */
  add(passage: Passage, text: string): void {
    const at = this.#passages.push(passage) - 1;
    const counts = new Map<string, number>();
    const list = words(text);
    for (const { norm } of list) counts.set(norm, (counts.get(norm) ?? 0) + 1);
    this.#lengths.push(list.length);
    this.#totalLength += list.length;
    for (const [word, count] of counts) {
      const postings = this.#postings.get(word) ?? { passages: [], counts: [] };
      postings.passages.push(at);
      postings.counts.push(count);
      this.#postings.set(word, postings);
    }
  }

  /** The best k passages that share a word with the question, best first. */
  rank(question: string, k: number): Passage[] {
    const scores = new Float64Array(this.#passages.length);
    for (const { norm } of words(question)) this.#addWord(norm, scores);
    const best: Scored[] = [];
    for (const [at, score] of scores.entries()) {
      if (score > 0 && this.#enters(best, { at, score }, k)) best.length = Math.min(best.length, k);
    }
    return best.map(({ at }) => this.#at(at));
  }

  #addWord(word: string, scores: Float64Array): void {
    const postings = this.#postings.get(word);
    if (postings === undefined) return;
    const [df, total] = [postings.passages.length, this.#passages.length];
    const idf = Math.log(1 + (total - df + 0.5) / (df + 0.5));
    const meanLength = this.#totalLength / total;
    for (const [i, at] of postings.passages.entries()) {
      const count = postings.counts[i] ?? 0;
      const length = (this.#lengths[at] ?? 0) / meanLength;
      scores[at] = (scores[at] ?? 0) + (idf * count * (K1 + 1)) / (count + K1 * (1 - B + B * length));
    }
  }

  /** Puts a passage into its place among the best, if it has one there. */
  #enters(best: Scored[], candidate: Scored, k: number): boolean {
    const last = best[k - 1];
    if (last !== undefined && this.#compare(candidate, last) >= 0) return false;
    let place = best.length;
    for (let before = best[place - 1]; before !== undefined && this.#compare(candidate, before) < 0; before = best[place - 1]) place -= 1;
    best.splice(place, 0, candidate);
    return true;
  }

  #compare(one: Scored, other: Scored): number {
    return other.score - one.score || this.#compareTies(this.#at(one.at), this.#at(other.at));
  }

  #at(index: number): Passage {
    const passage = this.#passages[index];
    if (passage === undefined) throw new RangeError(`There is no passage ${String(index)}.`);
    return passage;
  }
}
