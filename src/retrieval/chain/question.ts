import { isStopName, MAX_NAME_WORDS } from '../../common/text/names.ts';
import { STOP_WORDS } from '../../common/text/stop-words.ts';
import { termsOf } from '../../common/text/terms.ts';
import { isCapital, unspacedRuns, type Word, words } from '../../common/text/words.ts';

/** A question as the chain sees it. */
export interface Question {
  readonly words: readonly Word[];
  /** Distinct normalised words without stop words. */
  readonly searchWords: readonly string[];
  /** Distinct stems, in order. */
  readonly stems: readonly string[];
  /** Whether a capital stands behind the first letter of the question: then only what is capitalised may be a name. */
  readonly cased: boolean;
  /** Distinct n-grams of up to nine words, and their parts around "and". */
  readonly ngrams: readonly string[];
}

/** @param limit words that are looked at; a longer question is cut */
export function analyseQuestion(text: string, limit: number): Question {
  const list = words(text).slice(0, limit);
  return {
    words: list,
    searchWords: [...new Set([...list.map((word) => word.norm), ...unspacedRuns(text).slice(0, limit)])].filter((word) => word !== '' && !STOP_WORDS.has(word)),
    stems: [...new Set(termsOf(list))],
    cased: list.slice(1).some(isCapital),
    ngrams: ngrams(list.map((word) => word.norm)),
  };
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
