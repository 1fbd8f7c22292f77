import type { PassageAnalysis } from '../../../common/text/analysis.ts';
import { storedToken } from './workspace-names.ts';

/*
 * The stems of a passage as they are stored, which is also what the text index is over: one blank between two, a line a sentence.
 */

export interface PassageTerms {
  readonly titleStems: string;
  readonly bodyStems: string;
}

export function termsOf({ titleTerms, sentenceTerms }: Pick<PassageAnalysis, 'titleTerms' | 'sentenceTerms'>): PassageTerms {
  const line = (stems: readonly string[]): string => stems.map(storedToken).join(' ');
  return { titleStems: line(titleTerms), bodyStems: sentenceTerms.map(line).join('\n') };
}

/**
 * Goes through a passage's stems in order.
 * @param visit called with each stem and the list it stands in: -1 the title, then the sentences from 0
 * @param ended called behind each list, before the next
 */
export function scanStems({ titleStems, bodyStems }: PassageTerms, visit: (stem: string, sentence: number) => void, ended: () => void = () => undefined): void {
  for (const [i, line] of [titleStems, ...bodyStems.split('\n')].entries()) {
    if (line !== '') for (const stem of line.split(' ')) visit(stem, i - 1);
    ended();
  }
}
