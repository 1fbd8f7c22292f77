import type { GRAM, IN_TITLE, MENTION, RUN, TITLE } from './name-links.ts';

/** A name with its counts. */
export interface CountedName {
  readonly id: number;
  readonly norm: string;
  readonly titles: number;
  readonly mentions: number;
  readonly inTitles: number;
  readonly runs: number;
  readonly grams: number;
  /** Passages that have it as a title or mention it. */
  readonly passages: number;
}

export type LinkKind = typeof TITLE | typeof MENTION | typeof IN_TITLE | typeof RUN | typeof GRAM;

export function countOf(name: CountedName, kind: LinkKind): number {
  return [name.titles, name.mentions, name.inTitles, name.runs, name.grams][kind] ?? 0;
}

/** In scripts without capitals: an n-gram of two passages or more that is neither a title nor a run. */
export function isGramName(name: CountedName): boolean {
  return !isWalkName(name) && name.grams >= 2;
}

/** N-grams of more than this share of the passages, but of so many at least, are phrases of the language and no names. */
const COMMON_SHARE = 0.01;
const COMMON_LEAST = 10;

/** Those of the names that lead somewhere or find their passage; common n-grams do not. */
export function usableNames(names: readonly CountedName[], passageCount: number): CountedName[] {
  const limit = Math.max(COMMON_LEAST, COMMON_SHARE * passageCount);
  return names.filter((name) => !isGramName(name) || name.grams <= limit);
}

/** A title, or a capitalised run of two passages or more. */
export function isWalkName(name: Pick<CountedName, 'titles' | 'runs'>): boolean {
  return name.titles > 0 || name.runs >= 2;
}
