import type { RetrievalResult } from '../../retrieval/retrieval.types.ts';
import { type Candidate, candidatesOf, overlap, type StemWeights, stemWeights, supportOf } from '../support.ts';

/** No answer has more sentences. */
const MAX_SENTENCES = 5;
/** A further sentence has to be worth this share of the best one. */
const WORTHWHILE = 0.6;
/** What being in the first passage is worth beside the support of 0 to 1; the second passage half of it, and so on. */
const RANK_PRIOR = 0.2;
/** What fitting the kind of question is worth: a number for "how many", a year for "when". */
const KIND_BONUS = 0.1;
/** How far a sentence that repeats one already taken is set back. */
const REPETITION = 0.5;
/** A sentence of fewer stems says little by itself. */
const FEW_STEMS = 4;
/** Below this share of the question no passage is about it. */
const LEAST_COVERAGE = 0.35;

const KINDS: readonly (readonly [question: RegExp, sentence: RegExp])[] = [
  [/\b(?:when|what (?:year|date|day|time)|which (?:year|date|day))\b/i, /\b\d{4}\b|\b\d{1,2}:\d{2}\b|\b(?:January|February|March|April|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b/],
  [/\bhow (?:many|much|long|old|often|far|big|large)\b/i, /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|half|percent)\b/i],
  [/\b(?:who|whose|whom)\b/i, /\s\p{Lu}\p{L}+/u],
  [/\bwhy\b/i, /\b(?:because|since|due to|reason|therefore|so that|in order to)\b/i],
];

type Found = Pick<RetrievalResult, 'passages' | 'frequencies'>;

interface Scored {
  readonly candidate: Candidate;
  readonly score: number;
}

/** The sentences that support an answer best, best first; none when no passage is about the question. */
export async function bestSentences(question: string, { passages, frequencies }: Found, signal: AbortSignal): Promise<Candidate[]> {
  const candidates = await candidatesOf(passages, signal);
  const weights = stemWeights(question, frequencies);
  if (coverage(candidates, weights) < LEAST_COVERAGE) return [];
  const kind = KINDS.find(([asked]) => asked.test(question))?.[1];
  const scored = candidates.filter((candidate) => touches(candidate, weights)).map((candidate) => ({ candidate, score: scoreOf(candidate, weights, kind) }));
  return pick(scored);
}

/** The greatest share of the question that one passage covers, its title included. */
function coverage(candidates: readonly Candidate[], weights: StemWeights): number {
  const byPassage = Map.groupBy(candidates, (candidate) => candidate.passage);
  const shares = [...byPassage.values()].map((list) =>
    [...weights].reduce((sum, [stem, weight]) => (list.some(({ stems, about }) => stems.has(stem) || about.has(stem)) ? sum + weight : sum), 0),
  );
  return Math.max(0, ...shares);
}

function touches(candidate: Candidate, weights: StemWeights): boolean {
  return [...weights.keys()].some((stem) => candidate.stems.has(stem));
}

function scoreOf(candidate: Candidate, weights: StemWeights, kind: RegExp | undefined): number {
  const bonus = kind?.test(candidate.sentence.text) === true ? KIND_BONUS : 0;
  const substance = Math.min(1, candidate.stems.size / FEW_STEMS);
  return (supportOf(candidate, weights) + bonus) * substance + RANK_PRIOR / candidate.passage.rank;
}

/** One after the other the best that does not repeat those before it (maximal marginal relevance). */
function pick(scored: readonly Scored[]): Candidate[] {
  const taken: Candidate[] = [];
  let rest = [...scored];
  let enough = 0;
  while (taken.length < MAX_SENTENCES) {
    const best = rest.map((each) => ({ ...each, score: each.score * (1 - REPETITION * repetition(each.candidate, taken)) })).toSorted((a, b) => b.score - a.score)[0];
    if (best === undefined || best.score < enough) break;
    if (taken.length === 0) enough = best.score * WORTHWHILE;
    taken.push(best.candidate);
    rest = rest.filter((each) => each.candidate !== best.candidate);
  }
  return taken;
}

function repetition(candidate: Candidate, taken: readonly Candidate[]): number {
  return Math.max(0, ...taken.map((other) => overlap(candidate.stems, other.stems)));
}
