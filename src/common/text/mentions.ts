import { MAX_NAME_WORDS } from './names.ts';
import { isMarked, type Word } from './words.ts';

/** A sentence as name matching needs it, in as little memory as it takes. */
export interface PackedSentence {
  /** The words' norms, one space between. */
  readonly norms: string;
  /** A digit a word: 1 where the word may mark a name. */
  readonly marks: string;
}

/** What names there are. */
export interface KnownNames {
  /**
   * Lengths of the names that start with these words, as bits: bit n - 1 stands for n words. Some too many cost time, one too few
   * loses a name.
   */
  readonly lengths: (first: string, second: string | undefined) => number;
  readonly has: (name: string) => boolean;
}

export function packSentence(list: readonly Word[]): PackedSentence {
  return { norms: list.map((word) => word.norm).join(' '), marks: list.map((word) => (isMarked(word) ? '1' : '0')).join('') };
}

/**
 * From left to right the longest names (nine words at most) that hold a marked word; the next match starts behind the last. The same
 * as `longestMatches` with a mark asked for, for texts by the thousand.
 */
export function mentionsIn(sentence: PackedSentence, known: KnownNames): string[] {
  const norms = sentence.norms.split(' ');
  const found: string[] = [];
  for (let start = 0; start < norms.length; ) {
    const mark = sentence.marks.indexOf('1', start);
    if (mark === -1) break;
    const length = longestAt(norms, start, mark - start + 1, known);
    if (length > 0) found.push(norms.slice(start, start + length).join(' '));
    start += Math.max(1, length);
  }
  return found;
}

/** Words of the longest name at a place that has `least` words or more; 0 for none. */
function longestAt(norms: readonly string[], start: number, least: number, known: KnownNames): number {
  if (least > MAX_NAME_WORDS) return 0;
  const lengths = known.lengths(norms[start] ?? '', norms[start + 1]);
  if (lengths === 0) return 0;
  for (let length = Math.min(MAX_NAME_WORDS, norms.length - start); length >= least; length -= 1) {
    if ((lengths & (1 << (length - 1))) === 0) continue;
    if (known.has(norms.slice(start, start + length).join(' '))) return length;
  }
  return 0;
}
