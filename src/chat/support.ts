import { setImmediate } from 'node:timers/promises';
import { terms } from '../common/text/terms.ts';
import type { QuestionFrequencies, RetrievedPassage } from '../retrieval/retrieval.types.ts';
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
    const about = new Set([...title, ...terms(speakerAt(passage.text, sentence.start, passage.speaker) ?? '')]);
    return { passage, sentence, stems, about, before: list[i - 1]?.stems ?? NONE };
  });
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

/** Words of a question that say how to answer, not on what; their stems. */
const FRAME = new Set(
  terms(
    `about according anyone conclude conclusion decide describe description detail discuss discussion document explain get give given
     idea know list made make many meeting meetings mention much name opinion opinions people person point regarding reason report
     say said state summarise summarize summary talk team tell thing things think thought thoughts told topic view views whole`,
  ),
);
const FRAME_SHARE = 0.25;
const CARRIED_SHARE = 0.5;

/** How much more a rare stem tells than a common one; chosen on questions with known sources, from 1 to 2. */
const RARITY = 1.5;

/**
 * Weights of a question's stems: 1 and their inverse document frequency, ln(1 + (N - n + 0.5) / (n + 0.5)) as in BM25 (Robertson and
 * Zaragoza, "The Probabilistic Relevance Framework", 2009, 3.1), to a power. The 1 keeps them apart from nothing where few passages
 * are all about one thing.
 * @param question as it was asked; what was searched for may have the words of the question before it, too. Those together weigh
 * at most half as much as the question's own, if it has any
 */
export function stemWeights(question: string, { passageCount, byStem }: QuestionFrequencies): StemWeights {
  const asked = new Set(terms(question));
  const raw = [...byStem].map(([stem, n]) => {
    const weight = (1 + Math.log(1 + (passageCount - n + 0.5) / (n + 0.5))) ** RARITY;
    return { stem, weight: FRAME.has(stem) ? weight * FRAME_SHARE : weight };
  });
  const own = sumOf(raw.filter(({ stem }) => asked.has(stem)));
  const carried = sumOf(raw) - own;
  const share = own === 0 ? 1 : Math.min(1, (CARRIED_SHARE * own) / carried);
  const total = own + carried * share;
  return new Map(raw.map(({ stem, weight }) => [stem, (asked.has(stem) ? weight : weight * share) / total]));
}

function sumOf(weighed: readonly { readonly weight: number }[]): number {
  return weighed.reduce((sum, { weight }) => sum + weight, 0);
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
