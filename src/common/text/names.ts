import { COMMON_WORDS, NAME_CONNECTORS, STOP_WORDS } from './stop-words.ts';
import { isCaseless } from './scripts.ts';
import { isCapital, isMarked, normalForm, type Word } from './words.ts';

/** No name is longer, in words. */
export const MAX_NAME_WORDS = 9;

/** A run is cut here, so that a text in capitals alone costs no more than another. */
const MAX_RUN_WORDS = 60;

const BREAK = /[,;:!?()"“”\n]|\.\s/u;
const INITIAL_GAP = /^\.\s$/u;
const PARENTHESES = /\s*\([^)]*\)\s*/g;
/** Between a document's title and its headings, in the title of a chunk. */
export const HEADING_SEPARATOR = ' > ';
const SECTION_NUMBER = /^\d+(?:\.\d+)*[.)]?\s+(?=\S)/u;
const BEFORE_COMMA = /^(.+?),\s/u;

/** Whether every word of a normalised name is a stop word; also true of the empty name. */
export function isStopName(name: string): boolean {
  return name === '' || name.split(' ').every((word) => STOP_WORDS.has(word));
}

/**
 * The names a title gives its passage, normalised: the title; the title without its parentheses; what stands before a comma, if
 * two words or more ("Lambert Smith, Margrave of Tuscany"). A path of headings ("Guide > Install > 2.1 Linux") also gives those of
 * its document, at the head, and of the last heading, which is what the passage is about.
 */
export function titleNames(title: string): string[] {
  const path = title.split(HEADING_SEPARATOR);
  if (path.length === 1) return namesOfTitle(title);
  const [document = ''] = path;
  const heading = (path.at(-1) ?? '').replace(SECTION_NUMBER, '');
  return [...new Set([normalForm(title), ...namesOfTitle(document), ...namesOfTitle(heading)])].filter((name) => !isStopName(name));
}

function namesOfTitle(title: string): string[] {
  const comma = normalForm(BEFORE_COMMA.exec(title)?.[1] ?? '');
  const all = [normalForm(title), normalForm(title.replace(PARENTHESES, ' ')), comma.includes(' ') ? comma : ''];
  return [...new Set(all)].filter((name) => !isStopName(name));
}

/** Whether the gap before a word ends a run: punctuation does, unless it is the full stop of an initial. */
function breaksRun(before: Word, word: Word): boolean {
  if (!BREAK.test(word.gap)) return false;
  return !(INITIAL_GAP.test(word.gap) && before.surface.length <= 2);
}

function endOfRun(list: readonly Word[], from: number): number {
  let last = from;
  for (const [offset, word] of list.slice(from + 1, from + 1 + MAX_RUN_WORDS).entries()) {
    const j = from + 1 + offset;
    const before = list[j - 1];
    if (before === undefined || breaksRun(before, word)) break;
    if (extendsRun(word, last === j - 1)) last = j;
    else if (!NAME_CONNECTORS.has(word.norm) || j - last > 2) break;
  }
  return last;
}

function extendsRun(word: Word, followsCapital: boolean): boolean {
  return isCapital(word) || (followsCapital && /^\p{Nd}{1,4}$/u.test(word.surface));
}

function namesOfRun(run: readonly string[]): string[] {
  const start = run.findIndex((word) => !STOP_WORDS.has(word));
  if (start === -1) return [];
  const name = run.slice(start);
  const out = [name.join(' ')];
  if (name.includes('and')) {
    out.push(
      ...name
        .join(' ')
        .split(' and ')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    );
  }
  if (start === 1 && run[0] === 'the') out.push(run.join(' '));
  return out;
}

/**
 * Runs of capitalised words, normalised. One or two connectors may stand between ("Duke of the Franks"), and a number of up to four
 * digits may follow a capitalised word. Punctuation ends a run, but not the full stop of an initial ("J. S. Bach"). Leading stop
 * words are dropped ("In", "The" at the start of a sentence), "The Beatles" is given with and without its article, and a run with
 * "and" also gives its parts.
 */
export function capitalisedRuns(list: readonly Word[]): string[] {
  const out: string[] = [];
  let i = 0;
  while (i < list.length) {
    const word = list[i];
    if (word === undefined || !isCapital(word)) {
      i += 1;
      continue;
    }
    const last = endOfRun(list, i);
    out.push(...namesOfRun(list.slice(i, last + 1).map((each) => each.norm)));
    i = last + 1;
  }
  return out;
}

/** Whether a run can be a name: longer than two characters (two of a script without capitals will do) and not made of common words alone. */
export function isNameLike(run: string): boolean {
  return (run.length > 2 || (run.length === 2 && isCaseless(run))) && !run.split(' ').every((word) => COMMON_WORDS.has(word));
}

/** A match of a name in a list of words. */
export interface NameMatch {
  readonly name: string;
  /** Index of the first word. */
  readonly start: number;
  /** Index behind the last word. */
  readonly end: number;
}

/**
 * From left to right the longest n-gram (nine words at most) that `accept` takes; the next match starts behind it.
 * @param accept asked with the normalised n-gram and its word range
 * @param lengths spares `accept` the n-grams of lengths that no name has
 */
export function longestMatches(list: readonly Word[], accept: Accept, lengths: NameLengths = ANY_LENGTH): NameMatch[] {
  const out: NameMatch[] = [];
  let next = 0;
  for (const [i, word] of list.entries()) {
    const possible = i < next ? 0 : lengths(word.norm);
    const match = possible === 0 ? undefined : longestAt(list, i, accept, possible);
    if (match === undefined) continue;
    out.push(match);
    next = match.end;
  }
  return out;
}

type Accept = (name: string, start: number, end: number) => boolean;

/** For a first word the lengths of the names that start with it, as bits: bit n - 1 stands for n words. */
export type NameLengths = (firstWord: string) => number;

const ANY_LENGTH: NameLengths = () => -1;

function longestAt(list: readonly Word[], start: number, accept: Accept, lengths: number): NameMatch | undefined {
  const norms = list.slice(start, start + MAX_NAME_WORDS).map((word) => word.norm);
  for (let length = norms.length; length > 0; length -= 1) {
    if ((lengths & (1 << (length - 1))) === 0) continue;
    const name = norms.slice(0, length).join(' ');
    if (accept(name, start, start + length)) return { name, start, end: start + length };
  }
  return undefined;
}

/** Whether a range of words holds a capital or a digit at the start of a word, and so may be a name. */
export function hasMark(list: readonly Word[], start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    const word = list[i];
    if (word !== undefined && isMarked(word)) return true;
  }
  return false;
}

