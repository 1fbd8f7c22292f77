import { Injectable } from '@nestjs/common';
import type { PassageFilter, PassageKey, WorkspaceRef } from '../graph/graph.types.ts';
import { KnowledgeGraph } from '../graph/knowledge-graph.port.ts';
import { PassageIndex } from '../graph/passage-index.port.ts';
import type { TextHits } from '../graph/retrieval-columns.types.ts';
import { addTies, bestFirst, type Ties } from './chain/order.ts';
import { analyseQuestion, type Question } from './chain/question.ts';
import { questionNames } from './chain/question-names.ts';
import { hybridRelevance, lexicalRelevance, questionIdf, type Relevance } from './chain/relevance.ts';
import { seeds, type Seeds } from './chain/seeds.ts';
import { type Step, walkHop } from './chain/walk.ts';
import type { QuestionFrequencies } from './retrieval.types.ts';
import type { RetrievalConfig } from './retrieval-config.ts';
import type { Stopwatch } from './stopwatch.ts';

/** A question to the chain. */
export interface ChainRequest {
  readonly workspace: WorkspaceRef;
  readonly query: string;
  readonly filter?: PassageFilter;
  readonly signal?: AbortSignal;
  /** The question's vector, where the embedder is semantic. */
  readonly vector: Promise<Float32Array | undefined>;
  readonly config: RetrievalConfig;
  readonly stopwatch: Stopwatch;
}

/** Rank, from 1, and score of a passage in one stage. */
export type Ranking = ReadonlyMap<PassageKey, { readonly rank: number; readonly score: number }>;

/** What the chain found, and why. */
export interface ChainResult {
  /** Passages by falling score. */
  readonly ranked: readonly PassageKey[];
  readonly scores: ReadonlyMap<PassageKey, number>;
  readonly lexical: Ranking;
  readonly dense: Ranking;
  readonly seeds: Seeds;
  readonly frequencies: QuestionFrequencies;
  /** By hop, the strongest step to each passage it reached. */
  readonly steps: readonly ReadonlyMap<PassageKey, Step>[];
}

interface Relevant {
  readonly rel: Relevance;
  readonly ranked: readonly PassageKey[];
  readonly near: readonly PassageKey[];
  readonly ties: Ties;
}

type Scope = Pick<ChainRequest, 'filter' | 'signal' | 'workspace'>;

/** From a question to ranked passages: relevance by words and vectors, then a walk of two hops conditioned on the question. */
@Injectable()
export class PassageChain {
  constructor(
    private readonly index: PassageIndex,
    private readonly graph: KnowledgeGraph,
  ) {}

  async run(request: ChainRequest): Promise<ChainResult> {
    const { config, stopwatch } = request;
    const question = analyseQuestion(request.query, config.questionWords);
    const text = await stopwatch.time('lexical', () => this.#searchText(request, question));
    const ties: Ties = new Map();
    addTies(ties, text);
    const dense = await stopwatch.time('dense', () => this.#searchVectors(request, text, ties));
    const lexical = lexicalRelevance(text);
    const rel = dense.size === 0 ? lexical : hybridRelevance(lexical, dense, config.denseWeight);
    const ranked = bestFirst(rel, ties).filter((passage) => (rel.get(passage) ?? 0) > 0);
    const relevant: Relevant = { rel, ranked, near: ranked.slice(0, config.near), ties };
    const walked = await this.#walk(request, relevant, { question, text });
    const frequencies = { passageCount: text.passageCount, byStem: new Map(question.stems.map((stem, i) => [stem, text.stemFrequencies[i] ?? 0])) };
    return { ...walked, frequencies, lexical: ranking([...text.passages], (_, i) => text.scores[i] ?? 0), dense: denseRanking(dense, ties) };
  }

  async #walk(
    request: ChainRequest,
    { rel, ranked, near, ties }: Relevant,
    about: { readonly question: Question; readonly text: TextHits },
  ): Promise<Pick<ChainResult, 'ranked' | 'scores' | 'seeds' | 'steps'>> {
    const { config, stopwatch } = request;
    const found = await stopwatch.time('names', () => this.graph.namesIn(request.workspace, { ngrams: about.question.ngrams, near, ...filterOf(request) }, request.signal));
    addTies(ties, found.targets);
    const names = questionNames(about.question, found, config.few);
    const start = seeds(ranked, rel, names, config);
    const context = { idf: questionIdf(about.question, about.text, config.unseenIdf), asked: new Set(names.map(({ name }) => name.key)), config };
    const scores = new Map(start.level);
    const steps: ReadonlyMap<PassageKey, Step>[] = [];
    let level = start.level;
    for (let hop = 1; hop <= config.hops && level.size > 0; hop += 1) {
      const beam = bestFirst(level, ties).slice(0, config.beam);
      const query = { beam, near, ...filterOf(request) };
      const columns = await stopwatch.time(`hop${String(hop)}`, () => this.graph.hop(request.workspace, query, request.signal));
      addTies(ties, columns.targets);
      const weighed = beam.map((passage) => ({ passage, weight: level.get(passage) ?? 0 }));
      const reached = walkHop(weighed, columns, rel, context);
      for (const [passage, weight] of reached.weights) scores.set(passage, (scores.get(passage) ?? 0) + weight);
      steps.push(reached.steps);
      level = reached.weights;
    }
    for (const passage of new Set([...scores.keys(), ...near])) {
      scores.set(passage, (scores.get(passage) ?? 0) + config.finalRelevance * (rel.get(passage) ?? 0));
    }
    return { ranked: bestFirst(scores, ties), scores, seeds: start, steps };
  }

  #searchText(request: ChainRequest, question: Question): Promise<TextHits> {
    const { config } = request;
    const query = { words: question.searchWords, stems: question.stems, k: config.lexicalTop, dropShare: config.lexicalDropShare, dropFrom: config.lexicalDropFrom, ...filterOf(request) };
    return this.index.searchText(request.workspace, query, request.signal);
  }

  /** Dense scores of the nearest passages and of those the text index found; nothing without a vector. */
  async #searchVectors(request: ChainRequest, text: TextHits, ties: Ties): Promise<Map<PassageKey, number>> {
    const vector = await request.vector;
    if (vector === undefined) return new Map();
    const also = [...text.passages];
    const query = { vector, k: request.config.denseTop, also, ...filterOf(request) };
    const hits = await this.index.searchVectors(request.workspace, query, request.signal);
    if (hits.passages.length === 0) return new Map();
    addTies(ties, hits);
    const scores = new Map(also.map((passage, i) => [passage, hits.alsoScores[i] ?? Number.NaN]));
    for (const [i, passage] of hits.passages.entries()) scores.set(passage, hits.scores[i] ?? Number.NaN);
    return scores;
  }
}

function filterOf({ filter }: Scope): { readonly filter?: PassageFilter } {
  return filter === undefined ? {} : { filter };
}

function ranking(passages: readonly PassageKey[], score: (passage: PassageKey, index: number) => number): Ranking {
  return new Map(passages.map((passage, i) => [passage, { rank: i + 1, score: score(passage, i) }]));
}

function denseRanking(cosines: ReadonlyMap<PassageKey, number>, ties: Ties): Ranking {
  const known = new Map([...cosines].filter(([, cosine]) => !Number.isNaN(cosine)));
  return ranking(bestFirst(known, ties), (passage) => known.get(passage) ?? 0);
}
