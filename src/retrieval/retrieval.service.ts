import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { Gate } from '../common/concurrency/gate.ts';
import { describeError, isAbort } from '../common/errors/describe-error.ts';
import { EmbeddingService } from '../embedding/embedding.service.ts';
import type { Passage, PassageKey, PassageLabel } from '../graph/graph.types.ts';
import { PassageIndex } from '../graph/passage-index.port.ts';
import { pathsTo } from './chain/explain.ts';
import { type ChainResult, PassageChain } from './passage-chain.service.ts';
import { RerankingService } from './reranking.service.ts';
import type { RetrievalRequest, RetrievalResult, RetrievedPassage, Via, WalkStep } from './retrieval.types.ts';
import { RETRIEVAL_DEFAULTS, type RetrievalConfig } from './retrieval-config.ts';
import { Stopwatch } from './stopwatch.ts';

/**
 * Retrievals between their steps at once; the others wait in line. The store's threads are few, so more would not be faster: they would
 * only hold more columns, and what the garbage collector has to move holds up the event loop.
 */
const AT_ONCE = 8;

/** What passages are called, by key. */
type Labels = ReadonlyMap<PassageKey, PassageLabel>;

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Finds the passages of a workspace that help to answer a question, and says of each why. */
@Injectable()
export class RetrievalService {
  private readonly logger = new Logger(RetrievalService.name);
  readonly #gate = new Gate(AT_ONCE);

  constructor(
    private readonly chain: PassageChain,
    private readonly index: PassageIndex,
    private readonly embedding: EmbeddingService,
    private readonly reranking: RerankingService,
    private readonly clock: Clock,
  ) {}

  /**
   * At most `k` passages, best first, in a reranker's order where one is set up and it pays. When the embedding server is away the answer comes from the rest and a warning says so.
   * @throws GraphError `workspace-not-found`, StorageError; the signal's reason when it is aborted
   */
  async retrieve(request: RetrievalRequest, config: RetrievalConfig = RETRIEVAL_DEFAULTS): Promise<RetrievalResult> {
    const stopwatch = new Stopwatch(this.clock);
    const warnings: string[] = [];
    // Not within the gate: no place is held while a model server thinks.
    const vector = await this.#questionVector(request, warnings);
    const { found, passages: read, labels } = await this.#gate.run(() => this.#find(request, { config, stopwatch, vector }), request.signal);
    const { shown, usage, warnings: said } = await this.reranking.order(request, read, stopwatch);
    const passages = shown.flatMap((from) => read[from] ?? []);
    const timings = stopwatch.timings();
    this.logger.debug({ workspace: request.workspace.uid, timings, found: found.ranked.length }, 'retrieved');
    return {
      passages: passages.map((passage, i) => moved(this.#answer(passage, i, found, labels), shown[i] ?? i)),
      keys: passages.map((passage) => passage.key),
      timings,
      lexical: [...found.lexical.keys()].slice(0, request.k),
      frequencies: found.frequencies,
      nameWeights: found.nameWeights,
      usage,
      warnings: [...warnings, ...said],
    };
  }

  async #find(
    request: RetrievalRequest,
    by: { readonly config: RetrievalConfig; readonly stopwatch: Stopwatch; readonly vector: Float32Array | undefined },
  ): Promise<{ found: ChainResult; passages: Passage[]; labels: Labels }> {
    const found = await this.chain.run({
      ...by,
      workspace: request.workspace,
      query: request.query,
      vector: Promise.resolve(by.vector),
      ...(request.filter === undefined ? {} : { filter: request.filter }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const scores = found.ranked.slice(0, by.config.rerankTop).map((passage) => found.scores.get(passage) ?? 0);
    const best = found.ranked.slice(0, this.reranking.wanted(scores, request.k, by.config));
    return { found, ...(await by.stopwatch.time('read', () => this.#read(request, best, found))) };
  }

  async #questionVector(request: RetrievalRequest, warnings: string[]): Promise<Float32Array | undefined> {
    if (!this.embedding.describe().semantic) return undefined;
    try {
      const context = { lane: 'interactive', workspaceUid: request.workspace.uid, operation: 'embed-query' } as const;
      const [vector] = await this.embedding.embed([request.query], request.signal === undefined ? context : { ...context, signal: request.signal });
      return vector;
    } catch (error) {
      request.signal?.throwIfAborted();
      if (isAbort(error)) throw error;
      this.logger.warn({ err: error }, 'the question could not be embedded; the answer comes from text and graph alone');
      warnings.push(`The question could not be embedded (${describeError(error)}); the passages were found by text and graph alone.`);
      return undefined;
    }
  }

  /** The passages, and what all passages are called that their paths lead over. */
  async #read(
    { workspace }: RetrievalRequest,
    best: readonly PassageKey[],
    found: ChainResult,
  ): Promise<{ passages: Passage[]; labels: Labels }> {
    const onPaths = best.flatMap((passage) => pathsTo(passage, found.steps).flatMap(([from, , to]) => [from, to]));
    const others = [...new Set(onPaths)].filter((passage) => !best.includes(passage));
    const [passages, labels] = await Promise.all([this.index.passages(workspace, best), this.index.labels(workspace, others)]);
    return { passages, labels: new Map([...labels, ...passages.map((passage) => [passage.key, passage] as const)]) };
  }

  #answer(passage: Passage, index: number, found: ChainResult, labels: Labels): RetrievedPassage {
    const { key, documentTitle, ordinal, metadata, timeSeconds, ...shown } = passage;
    return {
      ...shown,
      rank: index + 1,
      score: round(found.scores.get(key) ?? 0),
      via: viaOf(key, found, labels),
    };
  }
}

/** @param from the passage's index in the order of the search */
function moved(passage: RetrievedPassage, from: number): RetrievedPassage {
  const before = from + 1;
  return before === passage.rank ? passage : { ...passage, via: { ...passage.via, rerank: { from: before } } };
}

function viaOf(key: PassageKey, found: ChainResult, labels: Labels): Via {
  const lexical = found.lexical.get(key);
  const dense = found.dense.get(key);
  const graph = graphOf(key, found, labels);
  return {
    ...(lexical === undefined ? {} : { lexical: { rank: lexical.rank, score: round(lexical.score) } }),
    ...(dense === undefined ? {} : { dense: { rank: dense.rank, score: round(dense.score) } }),
    ...(graph === undefined ? {} : { graph }),
  };
}

/** The names of the question and the steps of the walk that led to a passage; nothing if neither did. */
function graphOf(key: PassageKey, { seeds, steps }: ChainResult, labels: Labels): Via['graph'] {
  const names = seeds.names.get(key) ?? [];
  const [first, ...more] = pathsTo(key, steps);
  if (first === undefined) return names.length === 0 ? undefined : { seeds: names, paths: [] };
  const label = (passage: PassageKey): PassageLabel => labels.get(passage) ?? { chunkId: '', title: '' };
  const paths = [first, ...more].map(([from, name, to]): WalkStep => [label(from).chunkId, name, label(to).chunkId]);
  const titles = [first[0], ...[first, ...more].map(([, , to]) => to)].map(label);
  const start = seeds.names.get(first[0]) ?? [];
  return {
    seeds: names,
    paths,
    ...(start.length === 0 ? {} : { start }),
    titles: Object.fromEntries(titles.map(({ chunkId, title }) => [chunkId, title])),
  };
}
