import { isStopName, MAX_NAME_WORDS } from '../../common/text/names.ts';
import { STOP_WORDS } from '../../common/text/stop-words.ts';
import { termsOf } from '../../common/text/terms.ts';
import { isCapital, type Word, words } from '../../common/text/words.ts';

/** A question as the chain sees it. */
export interface Question {
  readonly words: readonly Word[];
  /** Distinct normalised words without stop words. */
  readonly searchWords: readonly string[];
  /** Distinct stems, in order. */
  readonly stems: readonly string[];
  /** How often each stem stands in the question. */
  readonly times: ReadonlyMap<string, number>;
  /** Stems that follow each other once stop words are out, as places in `stems`; distinct. */
  readonly pairs: readonly (readonly [first: number, second: number])[];
  /** Whether a capital stands behind the first letter of the question: then only what is capitalised may be a name. */
  readonly cased: boolean;
  /** Distinct n-grams of up to nine words, and their parts around "and". */
  readonly ngrams: readonly string[];
}

/** @param limit words that are looked at; a longer question is cut */
export function analyseQuestion(text: string, limit: number): Question {
  const list = words(text).slice(0, limit);
  const terms = termsOf(list);
  const stems = [...new Set(terms)];
  return {
    words: list,
    searchWords: [...new Set(list.map((word) => word.norm))].filter((word) => word !== '' && !STOP_WORDS.has(word)),
    stems,
    times: timesOf(terms),
    pairs: pairsOf(terms, stems),
    cased: list.slice(1).some(isCapital),
    ngrams: ngrams(list.map((word) => word.norm)),
  };
}

function timesOf(terms: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const term of terms) times.set(term, (times.get(term) ?? 0) + 1);
  return times;
}

function pairsOf(terms: readonly string[], stems: readonly string[]): [number, number][] {
  const places = new Map(stems.map((stem, place) => [stem, place]));
  const found = new Map<string, [number, number]>();
  for (const [i, term] of terms.slice(1).entries()) {
    const pair: [number, number] = [places.get(terms[i] ?? '') ?? 0, places.get(term) ?? 0];
    found.set(pair.join(), pair);
  }
  return [...found.values()];
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
