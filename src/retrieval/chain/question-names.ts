import { hasMark, isStopName, longestMatches, type NameMatch } from '../../common/text/names.ts';
import { STOP_WORDS } from '../../common/text/stop-words.ts';
import type { FoundNames } from '../../graph/retrieval-columns.types.ts';
import { type NameView, nameView } from './names.ts';
import type { Question } from './question.ts';

/** A name of the question, and how often it stands there. */
export interface QuestionName {
  readonly name: NameView;
  readonly times: number;
}

/**
 * The names of a question: longest matches over walk names, then over rare names on the words left. A match needs a capital or a
 * digit; in a question typed without capitals two words do, or one of four letters or more that is rare as a word, capital or not (a
 * capitalised run that is rare need not be: "Product" once at the start of a line). An untitled match of three words or more with
 * "and" also gives its parts.
 * @param isRareWord whether a single word, in a question without capitals, may be meant as a name
 */
export function questionNames(question: Question, found: FoundNames, isRareWord: (name: NameView) => boolean): QuestionName[] {
  const known = new Map(found.names.norms.map((norm, row) => [norm, nameView(found.names, row)]));
  const taken = new Array<boolean>(question.words.length).fill(false);
  const counts = new Map<string, number>();
  for (const walk of [true, false]) {
    const accept = (norm: string, start: number, end: number): boolean => {
      const name = known.get(norm);
      if (name?.walk !== walk || taken.slice(start, end).includes(true)) return false;
      return !isStopName(norm) && mayBeMeant(question, { name: norm, start, end }, () => isRareWord(name));
    };
    for (const match of longestMatches(question.words, accept)) {
      taken.fill(true, match.start, match.end);
      for (const norm of [match.name, ...partsOf(match, known)]) counts.set(norm, (counts.get(norm) ?? 0) + 1);
    }
  }
  return Array.from(counts, ([norm, times]) => ({ name: known.get(norm), times })).filter(isKnown);
}

function isKnown(entry: { name: NameView | undefined; times: number }): entry is QuestionName {
  return entry.name !== undefined;
}

function mayBeMeant(question: Question, match: NameMatch, isRareWord: () => boolean): boolean {
  if (hasMark(question.words, match.start, match.end)) return true;
  if (question.cased) return false;
  return match.end - match.start > 1 || (match.name.length >= 4 && isRareWord());
}

function partsOf(match: NameMatch, known: ReadonlyMap<string, NameView>): string[] {
  if (match.end - match.start <= 2 || known.get(match.name)?.hasTitle === true) return [];
  const parts = match.name.split(' and ');
  return parts.length < 2 ? [] : parts.filter((part) => known.has(part) && !STOP_WORDS.has(part));
}
