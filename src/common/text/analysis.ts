import { caselessGrams, type Gram } from './grams.ts';
import { packSentence, type PackedSentence } from './mentions.ts';
import { capitalisedRuns, isNameLike, titleNames } from './names.ts';
import { sentences } from './sentences.ts';
import { termsOf } from './terms.ts';
import { normalForm, type Word, words } from './words.ts';

/** What of a passage the names in it are matched against. */
export interface MatchablePassage {
  /** Normal form of the title. */
  readonly titleNorm: string;
  /** The body's sentences. */
  readonly sentences: readonly PackedSentence[];
}

/** What the index needs to know of one passage's text. */
export interface PassageAnalysis extends MatchablePassage {
  /** Stems of the title. */
  readonly titleTerms: readonly string[];
  /** Stems of each sentence of the body. */
  readonly sentenceTerms: readonly (readonly string[])[];
  /** Names the title gives. */
  readonly titleNames: readonly string[];
  /** Distinct capitalised runs of the body that can be names. */
  readonly runs: readonly string[];
  /** N-grams that may be names in scripts without capitals. */
  readonly grams: readonly Gram[];
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

/** The part of a passage's analysis that names are matched against. */
export function matchablePassage(title: string, text: string, blocks: readonly number[]): MatchablePassage {
  return { titleNorm: normalForm(title), sentences: sentenceWords(text, blocks).map((list) => packSentence(list)) };
}

/**
 * Analyses one passage.
 * @param blocks offsets in `text` at which a paragraph, turn or line starts, rising; empty for one block
 */
export function analysePassage(title: string, text: string, blocks: readonly number[]): PassageAnalysis {
  const titleWords = words(title);
  const bySentence = sentenceWords(text, blocks);
  return {
    titleTerms: termsOf(titleWords),
    sentenceTerms: bySentence.map((list) => termsOf(list)),
    titleNames: titleNames(title),
    runs: [...new Set(bySentence.flatMap((list) => capitalisedRuns(list)))].filter((run) => isNameLike(run)),
    grams: caselessGrams(bySentence),
    words: [...new Set([...titleWords, ...bySentence.flat()].map((word) => word.norm))],
    titleNorm: titleWords.map((word) => word.norm).join(' '),
    sentences: bySentence.map((list) => packSentence(list)),
  };
}
