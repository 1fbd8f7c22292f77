import { isCaseless, isUnspaced } from './scripts.ts';
import type { Word } from './words.ts';

/** Longest n-gram, in words and, where a script has no spaces, in overlapping pieces. */
const MAX_WORDS = 2;
const MAX_PIECES = 3;
/** Shorter words at the ends of an n-gram are mostly particles, prepositions, pronouns. */
const MIN_LETTERS = 3;
/** Of a passage so many n-grams are kept, the longest first. */
const MAX_GRAMS = 64;
/** A few foreign words in a Latin text are no names; in a text of a script without capitals so many at least are of it. */
const LEAST_SHARE = 0.25;
const BETWEEN = /^\s*$/u;

/** An n-gram and the numbers of the sentences it stands in, from 0. */
export interface Gram {
  readonly norm: string;
  readonly sentences: readonly number[];
}

/**
 * What may be a name in sentences of scripts without capitals: the n-grams of their words, within punctuation. They depend on the
 * passage alone; which of them are names, the number of passages that have them tells.
 */
export function caselessGrams(sentences: readonly (readonly Word[])[]): Gram[] {
  const all = sentences.flat();
  if (all.filter((word) => isCaseless(word.surface)).length < LEAST_SHARE * all.length) return [];
  const found = new Map<string, Set<number>>();
  for (const [sentence, list] of sentences.entries()) {
    for (const [start, word] of list.entries()) {
      if (!isCaseless(word.surface)) continue;
      for (const norm of gramsFrom(list, start)) found.set(norm, (found.get(norm) ?? new Set()).add(sentence));
    }
  }
  // Of equal length by code unit: what is left out must not depend on how sentences follow each other.
  return [...found]
    .sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1))
    .slice(0, MAX_GRAMS)
    .map(([norm, where]) => ({ norm, sentences: [...where] }));
}

function gramsFrom(list: readonly Word[], start: number): string[] {
  const first = list[start];
  if (first === undefined || !mayBound(first)) return [];
  const found: string[] = [];
  const unspaced = isUnspaced(first.surface);
  const norms: string[] = [];
  for (const word of list.slice(start, start + (unspaced ? MAX_PIECES : MAX_WORDS))) {
    if (norms.length > 0 && !continues(word, unspaced)) break;
    norms.push(word.norm);
    if (mayBound(word)) found.push(norms.join(' '));
  }
  return found;
}

function continues(word: Word, unspaced: boolean): boolean {
  return isCaseless(word.surface) && (unspaced ? word.gap === '' : BETWEEN.test(word.gap));
}

function mayBound(word: Word): boolean {
  return word.norm.length >= MIN_LETTERS || isUnspaced(word.surface);
}
