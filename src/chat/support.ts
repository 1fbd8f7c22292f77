import { setImmediate } from 'node:timers/promises';
import { terms } from '../common/text/terms.ts';
import type { RetrievedPassage } from '../retrieval/retrieval.types.ts';
import { type PassageSentence, passageSentences, speakerAt } from './passage-sentences.ts';

/** A sentence that may support an answer. */
export interface Candidate {
  readonly passage: RetrievedPassage;
  readonly sentence: PassageSentence;
  readonly stems: ReadonlySet<string>;
  /** Stems of the passage's title and of who speaks: what the sentence is about without saying so. */
  readonly about: ReadonlySet<string>;
  /** Stems of the sentence before it, where pronouns point. */
  readonly before: ReadonlySet<string>;
}

/** How much each stem of a question tells, in the order of the question; together 1. */
export type StemWeights = ReadonlyMap<string, number>;

const ABOUT_SHARE = 0.5;
const BEFORE_SHARE = 0.25;
const NONE: ReadonlySet<string> = new Set();

/** The sentences of a passage, in order. */
export function candidatesIn(passage: RetrievedPassage): Candidate[] {
  const title = terms(passage.title);
  const list = passageSentences(passage.text).map((sentence) => ({ sentence, stems: new Set(terms(sentence.text)) }));
  return list.map(({ sentence, stems }, i) => {
    const about = new Set([...title, ...terms(speakerOf(passage, sentence))]);
    return { passage, sentence, stems, about, before: list[i - 1]?.stems ?? NONE };
  });
}

function speakerOf(passage: RetrievedPassage, sentence: PassageSentence): string {
  return passage.speaker === undefined ? '' : (speakerAt(passage.text, sentence.start) ?? passage.speaker);
}

/** Passages looked at in one turn of the event loop, so that a question for a hundred of them does not hold up the others'. */
const PASSAGES_AT_ONCE = 8;

/** The sentences of passages, in order. */
export async function candidatesOf(passages: readonly RetrievedPassage[], signal: AbortSignal): Promise<Candidate[]> {
  const out: Candidate[] = [];
  for (const [i, passage] of passages.entries()) {
    if (i % PASSAGES_AT_ONCE === 0) await setImmediate(undefined, { signal });
    out.push(...candidatesIn(passage));
  }
  return out;
}

/**
 * Weights of a question's stems: their inverse frequency among the sentences at hand, ln(1 + (N - n + 0.5) / (n + 0.5)) as in BM25
 * (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, 3.1). What every sentence found has in common does not
 * help to choose among them.
 */
export function stemWeights(question: string, candidates: readonly Candidate[]): StemWeights {
  const count = candidates.length;
  const raw = [...new Set(terms(question))].map((stem): [string, number] => {
    const having = candidates.filter((candidate) => candidate.stems.has(stem)).length;
    return [stem, Math.log(1 + (count - having + 0.5) / (having + 0.5))];
  });
  const total = raw.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(raw.map(([stem, weight]) => [stem, weight / total]));
}

/** Which share of a question a sentence covers, by itself and, for less, by its title, speaker and the sentence before: 0 to 1. */
export function supportOf(candidate: Candidate, weights: StemWeights): number {
  let sum = 0;
  for (const [stem, weight] of weights) sum += weight * shareOf(candidate, stem);
  return sum;
}

function shareOf(candidate: Candidate, stem: string): number {
  if (candidate.stems.has(stem)) return 1;
  if (candidate.about.has(stem)) return ABOUT_SHARE;
  return candidate.before.has(stem) ? BEFORE_SHARE : 0;
}

/** Which share of the smaller of two sets of stems both have. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let both = 0;
  for (const stem of small) if (large.has(stem)) both += 1;
  return small.size === 0 ? 0 : both / small.size;
}
