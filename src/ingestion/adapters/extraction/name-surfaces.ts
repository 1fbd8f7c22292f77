import { capitalisedRuns, isNameLike } from '../../../common/text/names.ts';
import { type Word, words } from '../../../common/text/words.ts';

/** A name as it stands in a sentence. */
export interface FoundName {
  readonly norm: string;
  /** As written, but for runs of white space. */
  readonly surface: string;
  /** Index of its first word in the sentence. */
  readonly start: number;
  /** Index behind its last word. */
  readonly end: number;
}

/** A sentence with its words and the names in it, from left to right and without overlap. */
export interface NamedSentence {
  readonly words: readonly Word[];
  readonly names: readonly FoundName[];
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu;

/** No name is longer, in words; a text in capitals is no name. */
const MAX_WORDS = 9;

function originals(sentence: string, list: readonly Word[]): readonly RegExpExecArray[] | undefined {
  const found = [...sentence.matchAll(WORD)];
  // Where decomposition made other words of the text, their places are not known.
  return found.length === list.length ? found : undefined;
}

function surfaceOf(sentence: string, range: { readonly start: number; readonly end: number }, list: readonly Word[], found?: readonly RegExpExecArray[]): string {
  const first = found?.[range.start];
  const last = found?.[range.end - 1];
  const text =
    first === undefined || last === undefined
      ? list.slice(range.start, range.end).map((word) => word.surface).join(' ')
      : sentence.slice(first.index, last.index + last[0].length);
  return text.replace(/\s+/gu, ' ').replace(/['’]s$/u, '');
}

function indexOfRun(list: readonly Word[], run: readonly string[], from: number): number {
  for (let i = from; i + run.length <= list.length; i += 1) {
    if (run.every((norm, j) => list[i + j]?.norm === norm)) return i;
  }
  return -1;
}

/** "Produced by …": capital only because the sentence starts with it. */
function isVerbAtStart(list: readonly Word[], start: number, run: readonly string[]): boolean {
  return start === 0 && run.length === 1 && list.length > 1 && /(?:ed|ing)$/.test(run[0] ?? '');
}

/** The names of a sentence: its runs of capitalised words that can be names; of runs that overlap the first one. */
export function namesOfSentence(sentence: string): NamedSentence {
  const list = words(sentence);
  const found = originals(sentence, list);
  const names: FoundName[] = [];
  let from = 0;
  for (const norm of capitalisedRuns(list)) {
    const run = norm.split(' ');
    // "Ann and Bob" comes with its halves, which are the better names here.
    if (!isNameLike(norm) || run.length > MAX_WORDS || run.includes('and')) continue;
    const start = indexOfRun(list, run, from);
    if (start === -1 || isVerbAtStart(list, start, run)) continue;
    const range = { start, end: start + run.length };
    names.push({ norm, surface: surfaceOf(sentence, range, list, found), ...range });
    from = range.end;
  }
  return { words: list, names };
}
