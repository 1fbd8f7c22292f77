import type { Word } from '../../../common/text/words.ts';

/** No relation's phrase is longer, in words. */
const MAX_WORDS = 6;

/** Punctuation between two names ends what one can say of the other, but not quotes and hyphens. */
const BREAK = /[.,;:!?()[\]\n]/u;

/** Words that alone relate nothing. */
const EMPTY: ReadonlySet<string> = new Set(['and', 'or', 'the', 'a', 'an', 'but', 'as', 'well', 'also', 'both', 'to', 'then', 'so', 'that', 'this', 'his', 'her', 'its', 'their']);

const LEADING: ReadonlySet<string> = new Set(['and', 'then', 'also', 'who', 'which', 'that']);
const TRAILING: ReadonlySet<string> = new Set(['and', 'then', 'also', 'the', 'a', 'an']);

/** Verbs and prepositions that make a phrase say something. */
const TELLING = /^(?:is|was|are|were|be|been|has|had|have|by|in|of|at|from|for|with|on|into|between|against|near|under|over|after|before|during|via|per|versus|vs|[a-z]{2,}(?:ed|es|en|s))$/;

/** "was", "is a 1961": a sentence's frame, not yet what it says. */
const FRAME = /^(?:is|was|are|were)(?: an?| the)?(?: \d+)?$/;

/** By whom a work is. */
const MAKER = /\b(?:directed|written|composed|produced|sung|performed|painted|invented|designed) by$/;

const LOWER = /^[\p{Ll}\p{Nd}]/u;

/**
 * What stands between two names, as a relation's type: one to six words in lower case, without a break, of which one is a verb or a
 * preposition. Nothing if that is no phrase.
 * @param between the words between, and `next`, the first word behind them
 */
export function phraseBetween(between: readonly Word[], next: Word): string | undefined {
  if (between.length === 0 || between.length > MAX_WORDS) return undefined;
  if ([...between, next].some((word) => BREAK.test(word.gap))) return undefined;
  if (!between.every((word) => LOWER.test(word.surface))) return undefined;
  const norms = trimmed(between.map((word) => word.norm));
  const telling = norms.some((norm) => TELLING.test(norm) && !EMPTY.has(norm));
  const phrase = norms.join(' ');
  return telling && !FRAME.test(phrase) ? phrase : undefined;
}

/** Without what joins a phrase to its sentence but says nothing itself. */
function trimmed(norms: readonly string[]): string[] {
  const from = norms.findIndex((norm) => !LEADING.has(norm));
  const to = norms.findLastIndex((norm) => !TRAILING.has(norm));
  return from === -1 ? [] : norms.slice(from, to + 1);
}

/** Whether who stands behind the phrase is a person, as far as rules can tell. */
export function makesPerson(phrase: string): boolean {
  return MAKER.test(phrase);
}
