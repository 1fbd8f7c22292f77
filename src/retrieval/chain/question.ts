import { isStopName, MAX_NAME_WORDS } from '../../common/text/names.ts';
import { STOP_WORDS } from '../../common/text/stop-words.ts';
import { terms, termsOf } from '../../common/text/terms.ts';
import { isCapital, unspacedRuns, type Word, words } from '../../common/text/words.ts';

/** Places of two stems. */
export type StemPair = readonly [first: number, second: number];

/** A question as the chain sees it. */
export interface Question {
  readonly words: readonly Word[];
  /** Distinct normalised words without stop words. */
  readonly searchWords: readonly string[];
  /** Distinct stems, in order. */
  readonly stems: readonly string[];
  /** The stems as they follow each other once stop words are out, as places in `stems`. */
  readonly order: readonly number[];
  /** Pairs of stems that follow each other, as places in `stems`; distinct. */
  readonly pairs: readonly StemPair[];
  /** Whether a capital stands behind the first letter of the question: then only what is capitalised may be a name. */
  readonly cased: boolean;
  /** Distinct n-grams of up to nine words, and their parts around "and". */
  readonly ngrams: readonly string[];
}

/** @param limit words that are looked at; a longer question is cut */
export function analyseQuestion(text: string, limit: number): Question {
  const list = words(text, limit);
  const all = termsOf(list);
  const stems = [...new Set(all)];
  const order = all.map((term) => stems.indexOf(term));
  return {
    words: list,
    searchWords: [...new Set([...list.map((word) => word.norm), ...unspacedRuns(text).slice(0, limit)])].filter((word) => word !== '' && !STOP_WORDS.has(word)),
    stems,
    order,
    pairs: pairsOf(order),
    cased: list.slice(1).some(isCapital),
    ngrams: ngrams(list.map((word) => word.norm)),
  };
}

function pairsOf(order: readonly number[]): StemPair[] {
  const pairs = order.slice(1).map((second, i): StemPair => [order[i] ?? 0, second]);
  return [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];
}

/**
 * The stems of a question without those of its names, in order, as places: each time a name stands there it takes its words away.
 * @param names normalised, as often as they stand in the question
 */
export function withoutNames(question: Question, names: readonly string[]): number[] {
  const taken = new Map<string, number>();
  for (const stem of names.flatMap((name) => terms(name))) taken.set(stem, (taken.get(stem) ?? 0) + 1);
  return question.order.filter((place) => {
    const stem = question.stems[place] ?? '';
    const left = taken.get(stem) ?? 0;
    taken.set(stem, left - 1);
    return left <= 0;
  });
}

function ngrams(norms: readonly string[]): string[] {
  const found = new Set<string>();
  for (let start = 0; start < norms.length; start += 1) {
    for (let end = start + 1; end <= Math.min(norms.length, start + MAX_NAME_WORDS); end += 1) {
      found.add(norms.slice(start, end).join(' '));
    }
  }
  return [...found].filter((gram) => !isStopName(gram));
}
