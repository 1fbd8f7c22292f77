import { porterStem } from '../../common/text/porter.ts';
import { lookUp, type LookUpProgram, type ProgramRef } from '../../graph/look-ups.types.ts';
import type { Passage, PassageFilter, PassageKey, PassageLabel } from '../../graph/graph.types.ts';
import type { TextHits } from '../../graph/retrieval-columns.types.ts';
import type { QuestionFrequencies, StageCounts, Via } from '../retrieval.types.ts';
import type { RetrievalConfig } from '../retrieval-config.ts';
import { worthReranking } from '../rerank-rule.ts';
import { type KeyStep, pathsTo } from './explain.ts';
import { findByWords, type LexicalEvidence, lexicalScores, relevanceByStems, withOthers } from './lexical.ts';
import type { NameView } from './names.ts';
import { nameWeights } from './name-weights.ts';
import { bestFirst, type Ties } from './order.ts';
import { analyseQuestion, type Question, withoutNames } from './question.ts';
import { type QuestionName, questionNames } from './question-names.ts';
import { denseRelevance, hybridRelevance, lexicalRelevance, questionIdf, type Relevance } from './relevance.ts';
import { seeds, type Seeds } from './seeds.ts';
import { StageTimes } from './stage-times.ts';
import { graphOf, type Labels, type Ranking, rankingOf, viaOf } from './via.ts';
import { type Step, walkHop } from './walk.ts';

/** A question to the chain. */
export interface ChainInput {
  readonly query: string;
  /** Passages wanted. */
  readonly k: number;
  readonly filter?: PassageFilter;
  /** The question's vector, where the embedder is semantic. */
  readonly vector?: Float32Array;
  readonly config: RetrievalConfig;
  /** Whether a reranker stands behind the search, so that its candidates are to be read where that is worth it. */
  readonly mayRerank?: boolean;
}

/** A passage the chain found. */
export interface ChainPassage {
  readonly passage: Passage;
  readonly score: number;
  readonly via: Via;
}

/** What the chain found. */
export interface ChainOutput {
  /** Best first. */
  readonly passages: readonly ChainPassage[];
  readonly frequencies: QuestionFrequencies;
  /** How much of the walk's weight went over each of the heaviest names. */
  readonly nameWeights: ReadonlyMap<string, number>;
  readonly ms: Readonly<Record<string, number>>;
  readonly counts: StageCounts;
}

/** The chain as a program, for ProgramRunner. */
export const RETRIEVE: ProgramRef<ChainInput, ChainOutput> = { module: new URL(import.meta.url), name: 'retrieve' };

interface Relevant {
  readonly question: Question;
  readonly text: TextHits;
  readonly rel: Relevance;
  /** Relevance by other stems of the question than all; the same where stems are not counted. */
  readonly relevanceBy: (order: readonly number[]) => Relevance;
  /** The passages nearest to the question, with a relevance above zero, best first. */
  readonly near: readonly PassageKey[];
  readonly lexical: Ranking;
  readonly dense: Ranking;
  readonly ties: Ties;
}

interface Walked {
  readonly scores: ReadonlyMap<PassageKey, number>;
  readonly seeds: Seeds;
  /** By hop, the strongest step to each passage it reached. */
  readonly steps: readonly ReadonlyMap<PassageKey, Step>[];
  /** Weight by name, of the seeds and of each hop. */
  readonly flows: readonly ReadonlyMap<string, number>[];
}

/** From a question to passages: relevance by words and vectors, a walk of two hops conditioned on the question, and the best passages read. */
export function* retrieve(input: ChainInput): LookUpProgram<ChainOutput> {
  const stages = new StageTimes();
  const relevant = yield* findRelevant(input, stages);
  const walked = yield* walk(input, relevant, stages);
  const best = yield* bestFirst(walked.scores, relevant.ties, yield* wanted(input, walked.scores, relevant.ties));
  const paths = new Map(best.map((passage) => [passage, pathsTo(passage, walked.steps)]));
  const passages = yield* lookUp('passages', { keys: best });
  const labels = yield* labelsOn(paths, passages);
  const found = passages.map((passage) => {
    const graph = graphOf(passage.key, paths.get(passage.key) ?? [], walked.seeds.names, labels);
    return { passage, score: walked.scores.get(passage.key) ?? 0, via: viaOf(passage.key, { ...relevant, graph }) };
  });
  stages.end('read', found.length);
  return {
    passages: found,
    frequencies: frequenciesOf(relevant),
    nameWeights: nameWeights(walked.flows, input.config.namesKept),
    ...stages.all,
  };
}

function* findRelevant(input: ChainInput, stages: StageTimes): LookUpProgram<Relevant> {
  const { config } = input;
  const question = analyseQuestion(input.query, config.questionWords);
  const ties: Ties = new Map();
  const byWords = yield* findByWords(question, config, input.filter);
  stages.end('lexical', byWords.text.passages.length);
  const cosines = yield* findNearest(input, byWords, ties);
  stages.end('dense', cosines.size);
  const evidence = yield* withOthers(byWords, cosines.keys(), config);
  const scores = lexicalScores(evidence, question.order, config);
  const byVector = denseRelevance(cosines);
  const withCosines = (lexical: Relevance): Relevance => (cosines.size === 0 ? lexical : hybridRelevance(lexical, byVector, config.denseWeight));
  const rel = withCosines(lexicalRelevance(scores));
  const near = (yield* bestFirst(rel, ties, config.near)).filter((passage) => (rel.get(passage) ?? 0) > 0);
  stages.end('lexical', byWords.text.passages.length);
  const relevanceBy = (order: readonly number[]): Relevance => withCosines(relevanceByStems(evidence, order, config) ?? lexicalRelevance(scores));
  const found = byWords.text.passages;
  const lexical = rankingOf(new Map(Array.from(found, (passage) => [passage, scores.get(passage) ?? 0])));
  return { question, text: byWords.text, rel, relevanceBy, near, lexical, dense: rankingOf(cosines), ties };
}

/** Cosines of the nearest passages and of the best that were found by words; nothing without a vector. */
function* findNearest({ vector, config, ...input }: ChainInput, byWords: LexicalEvidence, ties: Ties): LookUpProgram<ReadonlyMap<PassageKey, number>> {
  if (vector === undefined) return new Map();
  const also = yield* bestFirst(lexicalScores(byWords, byWords.question.order, config), ties, config.lexicalTop);
  const hits = yield* lookUp('searchVectors', { vector, k: config.denseTop, also, ...filterOf(input) });
  if (hits.passages.length === 0) return new Map();
  const cosines = new Map(also.map((passage, i) => [passage, hits.alsoScores[i] ?? Number.NaN]));
  for (const [i, passage] of hits.passages.entries()) cosines.set(passage, hits.scores[i] ?? Number.NaN);
  return cosines;
}

function* walk(input: ChainInput, relevant: Relevant, stages: StageTimes): LookUpProgram<Walked> {
  const { config } = input;
  const { question, text, rel, near, ties } = relevant;
  const found = yield* lookUp('namesIn', { ngrams: question.ngrams, near, ...filterOf(input) });
  const names = questionNames(question, found, (name) => passagesWith(relevant, name, config) <= config.few);
  const start = seeds(near, rel, names, config);
  stages.end('names', names.length);
  const context = { idf: questionIdf(question, text, config.unseenIdf), asked: new Set(names.map(({ name }) => name.key)), config };
  const targetRel = targetRelevance(relevant, names, config);
  const scores = new Map(start.level);
  const steps: ReadonlyMap<PassageKey, Step>[] = [];
  const flows: ReadonlyMap<string, number>[] = [start.nameWeights];
  let level = start.level;
  for (let hop = 1; hop <= config.hops && level.size > 0; hop += 1) {
    const beam = yield* bestFirst(level, ties, config.beam);
    const columns = yield* lookUp('hop', { beam, near, stems: question.stems, ...filterOf(input) });
    const weighed = beam.map((passage) => ({ passage, weight: level.get(passage) ?? 0 }));
    const reached = walkHop(weighed, columns, targetRel, context);
    for (const [passage, weight] of reached.weights) scores.set(passage, (scores.get(passage) ?? 0) + weight);
    steps.push(reached.steps);
    flows.push(reached.names);
    level = reached.weights;
    stages.end(`hop${String(hop)}`, level.size);
  }
  addRelevance(scores, relevant, config.finalRelevance);
  return { scores, seeds: start, steps, flows };
}

/** Adds a part of their relevance to the scores of the passages reached, and enters the near ones that were not. */
function addRelevance(scores: Map<PassageKey, number>, { rel, near }: Relevant, factor: number): void {
  const shown = new Set(near);
  for (const [passage, relevance] of rel) {
    const score = scores.get(passage);
    if (score !== undefined || shown.has(passage)) scores.set(passage, (score ?? 0) + factor * relevance);
  }
}

/** Passages that have a name of one word, or that word in whatever form. */
function passagesWith({ question, text }: Relevant, name: NameView, { fewByWord }: RetrievalConfig): number {
  const place = question.stems.indexOf(porterStem(name.norm));
  return fewByWord ? (text.stemFrequencies[place] ?? 0) : name.frequency;
}

/** By what passages share the weight of a name that leads to them. */
function targetRelevance({ question, rel, relevanceBy }: Relevant, names: readonly QuestionName[], config: RetrievalConfig): Relevance {
  if (!config.residualTargets || names.length === 0) return rel;
  const rest = withoutNames(question, names.flatMap(({ name, times }) => new Array<string>(times).fill(name.norm)));
  return rest.length === 0 ? rel : relevanceBy(rest);
}

/** How many passages to read: those asked for, or all candidates where a reranker is to put them in order. */
function* wanted({ k, config, mayRerank }: ChainInput, scores: ReadonlyMap<PassageKey, number>, ties: Ties): LookUpProgram<number> {
  if (!mayRerank) return k;
  const candidates = yield* bestFirst(scores, ties, config.rerankTop);
  return worthReranking(candidates.map((passage) => scores.get(passage) ?? 0), k, config) ? config.rerankTop : k;
}

/** What all passages are called that the paths lead over. */
function* labelsOn(paths: ReadonlyMap<PassageKey, readonly KeyStep[]>, passages: readonly Passage[]): LookUpProgram<Labels> {
  const known = new Map(passages.map((passage): [PassageKey, PassageLabel] => [passage.key, passage]));
  const others = new Set([...paths.values()].flat().flatMap(([from, , to]) => [from, to]).filter((passage) => !known.has(passage)));
  const rest = others.size === 0 ? [] : yield* lookUp('labels', { keys: [...others] });
  return new Map([...known, ...rest]);
}

function frequenciesOf({ question, text }: Relevant): QuestionFrequencies {
  return { passageCount: text.passageCount, byStem: new Map(question.stems.map((stem, i) => [stem, text.stemFrequencies[i] ?? 0])) };
}

function filterOf({ filter }: Pick<ChainInput, 'filter'>): { readonly filter?: PassageFilter } {
  return filter === undefined ? {} : { filter };
}
