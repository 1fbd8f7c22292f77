import { porterStem } from './porter.ts';
import { STOP_WORDS } from './stop-words.ts';
import { type Word, words } from './words.ts';

/** Index terms of words: without stop words, stemmed; in order, with repeats. */
export function termsOf(list: readonly Word[]): string[] {
  return list.filter((word) => !STOP_WORDS.has(word.norm)).map((word) => porterStem(word.norm));
}

/** Index terms of a text: its words without stop words, stemmed; in order, with repeats. */
export function terms(text: string): string[] {
  return termsOf(words(text));
}
