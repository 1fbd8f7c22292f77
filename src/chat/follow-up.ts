import { terms } from '../common/text/terms.ts';
import { words } from '../common/text/words.ts';
import type { SessionTurn } from './session.types.ts';

/** A question with fewer words that say something hardly stands alone ("And in 2020?"). */
const FEW_TERMS = 3;

/** Words that point at what was said before. */
const POINTERS = new Set(
  'he she it they him her them his hers its their theirs this that these those one ones there then same former latter other others else more'.split(' '),
);
/** A long question says what it is about, pronouns or not. */
const MANY_WORDS = 25;

/**
 * What is searched for: the question; within a conversation, if the question has fewer than three telling words, or points back with
 * a pronoun and is no longer than 25 words, the question before it and then this one.
 */
export function searchQuery(question: string, history: readonly SessionTurn[]): string {
  const before = history.at(-1);
  if (before === undefined || standsAlone(question)) return question;
  return `${before.question} ${question}`;
}

function standsAlone(question: string): boolean {
  const list = words(question);
  if (new Set(terms(question)).size < FEW_TERMS) return false;
  return list.length > MANY_WORDS || !list.some((word) => POINTERS.has(word.norm));
}
