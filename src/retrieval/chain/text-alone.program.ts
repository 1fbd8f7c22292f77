import type { PassageKey } from '../../graph/graph.types.ts';
import { lookUp, type LookUpProgram, type ProgramRef } from '../../graph/look-ups.types.ts';
import type { RetrievalConfig } from '../retrieval-config.ts';
import { analyseQuestion } from './question.ts';

/** A question to the text index. */
export interface TextAloneInput {
  readonly query: string;
  /** Passages wanted. */
  readonly k: number;
  readonly config: RetrievalConfig;
}

/** The text index alone as a program, for ProgramRunner: the yardstick of evaluations. */
export const TEXT_ALONE: ProgramRef<TextAloneInput, readonly PassageKey[]> = { module: new URL(import.meta.url), name: 'textAlone' };

/** What the text index alone gives for a question, best first. */
export function* textAlone({ query, k, config }: TextAloneInput): LookUpProgram<readonly PassageKey[]> {
  const { searchWords } = analyseQuestion(query, config.questionWords);
  const found = yield* lookUp('searchText', { words: searchWords, stems: [], k, postings: config.lexicalPostings });
  return [...found.passages];
}
