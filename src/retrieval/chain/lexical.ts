import type { PassageFilter, PassageKey } from '../../graph/graph.types.ts';
import { lookUp, type LookUpProgram } from '../../graph/look-ups.types.ts';
import type { TermCounts, TextHits } from '../../graph/retrieval-columns.types.ts';
import type { RetrievalConfig } from '../retrieval-config.ts';
import type { Question } from './question.ts';
import { combined, indexScores, lexicalRelevance, type Relevance } from './relevance.ts';
import { type CountedPassages, rescored } from './rescore.ts';

/** What the words of a question say of passages. */
export interface LexicalEvidence {
  readonly question: Question;
  readonly text: TextHits;
  /** Of the passages found and of those entered since; nothing where the text index's own scores stand. */
  readonly counted: CountedPassages | undefined;
}

/** Finds passages by the words of a question, and counts its stems in them. */
export function* findByWords(question: Question, config: RetrievalConfig, filter: PassageFilter | undefined): LookUpProgram<LexicalEvidence> {
  const text = yield* lookUp('searchText', {
    words: question.searchWords,
    stems: question.stems,
    k: config.lexicalTop,
    postings: config.lexicalPostings,
    // BM25F scores all of them anew.
    unranked: config.rescoreWeight === 1,
    ...(filter === undefined ? {} : { filter }),
  });
  if (config.rescoreWeight === 0) return { question, text, counted: undefined };
  return { question, text, counted: yield* count(question, text, [...text.passages], config) };
}

/** Enters passages that were found in another way. */
export function* withOthers(evidence: LexicalEvidence, others: Iterable<PassageKey>, config: RetrievalConfig): LookUpProgram<LexicalEvidence> {
  const { question, text, counted } = evidence;
  if (counted === undefined) return evidence;
  const known = new Set(counted.passages);
  const missing = [...others].filter((passage) => !known.has(passage));
  if (missing.length === 0) return evidence;
  return { ...evidence, counted: joined(counted, yield* count(question, text, missing, config)) };
}

/**
 * Lexical scores by stems of the question: BM25F, the text index's own where it is not counted, or both together.
 * @param order places in the question's stems, as they follow each other
 */
export function lexicalScores({ question, text, counted }: LexicalEvidence, order: readonly number[], config: RetrievalConfig): ReadonlyMap<PassageKey, number> {
  if (counted === undefined) return indexScores(text);
  const scores = rescored(question, order, counted, config);
  return config.rescoreWeight === 1 ? scores : combined(lexicalRelevance(scores), lexicalRelevance(indexScores(text)), config.rescoreWeight);
}

/** Relevance by stems of the question, where they are counted. */
export function relevanceByStems({ question, counted }: LexicalEvidence, order: readonly number[], config: RetrievalConfig): Relevance | undefined {
  return counted === undefined ? undefined : lexicalRelevance(rescored(question, order, counted, config));
}

function* count(question: Question, frequencies: TextHits, passages: readonly PassageKey[], config: RetrievalConfig): LookUpProgram<CountedPassages> {
  const counts = yield* lookUp('termCounts', { passages, stems: question.stems, pairs: config.pairWeight === 0 ? [] : question.pairs });
  return { passages, counts, frequencies };
}

function joined(first: CountedPassages, second: CountedPassages): CountedPassages {
  return { ...first, passages: [...first.passages, ...second.passages], counts: joinedCounts(first.counts, second.counts) };
}

function joinedCounts(first: TermCounts, second: TermCounts): TermCounts {
  const wide = (column: 'titleLengths' | 'bodyLengths'): Int32Array => {
    const all = new Int32Array(first[column].length + second[column].length);
    all.set(first[column]);
    all.set(second[column], first[column].length);
    return all;
  };
  const narrow = (column: 'titleCounts' | 'bodyCounts' | 'titlePairs' | 'bodyPairs'): Uint16Array => {
    const all = new Uint16Array(first[column].length + second[column].length);
    all.set(first[column]);
    all.set(second[column], first[column].length);
    return all;
  };
  return {
    ...first,
    titleLengths: wide('titleLengths'),
    bodyLengths: wide('bodyLengths'),
    titleCounts: narrow('titleCounts'),
    bodyCounts: narrow('bodyCounts'),
    titlePairs: narrow('titlePairs'),
    bodyPairs: narrow('bodyPairs'),
  };
}
