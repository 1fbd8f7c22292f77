import { capitalisedRuns, isNameLike, titleNames } from './names.ts';
import { sentences } from './sentences.ts';
import { termsOf } from './terms.ts';
import { type Word, words } from './words.ts';

/** What the index needs to know of one passage's text. */
export interface PassageAnalysis {
  /** Stems per sentence of the body: one line a sentence, one space between stems. */
  readonly sentenceTerms: string;
  /** Names the title gives. */
  readonly titleNames: readonly string[];
  /** Distinct capitalised runs of the body that can be names. */
  readonly runs: readonly string[];
  /** Distinct stems of title and body, for document frequencies. */
  readonly terms: readonly string[];
  /** Distinct normalised words of title and body, for the specificity of names. */
  readonly words: readonly string[];
}

/** The sentences of a passage. None crosses a block; a line break inside a block is white space. */
export function sentenceTexts(text: string, blocks: readonly number[]): string[] {
  const starts = blocks.length === 0 ? [0] : blocks;
  return starts.flatMap((start, i) => {
    const block = text.slice(start, starts[i + 1] ?? text.length).replaceAll('\n', ' ');
    return sentences(block).map((sentence) => sentence.text);
  });
}

/** Words of each sentence of a passage. */
export function sentenceWords(text: string, blocks: readonly number[]): Word[][] {
  return sentenceTexts(text, blocks).map((sentence) => words(sentence));
}

/**
 * Analyses one passage.
 * @param blocks offsets in `text` at which a paragraph, turn or line starts, rising; empty for one block
 */
export function analysePassage(title: string, text: string, blocks: readonly number[]): PassageAnalysis {
  const titleWords = words(title);
  const bySentence = sentenceWords(text, blocks);
  const stems = bySentence.map((list) => termsOf(list));
  return {
    sentenceTerms: stems.map((list) => list.join(' ')).join('\n'),
    titleNames: titleNames(title),
    runs: [...new Set(bySentence.flatMap((list) => capitalisedRuns(list)))].filter((run) => isNameLike(run)),
    terms: [...new Set([...termsOf(titleWords), ...stems.flat()])],
    words: [...new Set([...titleWords, ...bySentence.flat()].map((word) => word.norm))],
  };
}
