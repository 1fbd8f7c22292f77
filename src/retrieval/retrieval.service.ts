import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { describeError, isAbort } from '../common/errors/describe-error.ts';
import { EmbeddingService } from '../embedding/embedding.service.ts';
import type { PassageKey } from '../graph/graph.types.ts';
import { ProgramRunner } from '../graph/program-runner.port.ts';
import { type ChainInput, type ChainOutput, type ChainPassage, RETRIEVE } from './chain/retrieve.program.ts';
import { TEXT_ALONE } from './chain/text-alone.program.ts';
import { roundScore } from './chain/via.ts';
import { QuestionLine } from './question-line.ts';
import { RerankingService } from './reranking.service.ts';
import type { RetrievalRequest, RetrievalResult, RetrievedPassage } from './retrieval.types.ts';
import { RETRIEVAL_DEFAULTS, type RetrievalConfig } from './retrieval-config.ts';

/**
 * Questions on their way through the store at once. The store's threads are
 * few, so more at once would not be faster.
 */
const AT_ONCE = 8;

/** Finds the passages of a workspace that help to answer a question, and says of each why. */
@Injectable()
export class RetrievalService {
  private readonly logger = new Logger(RetrievalService.name);
  readonly #line: QuestionLine;

  constructor(
    private readonly programs: ProgramRunner,
    private readonly embedding: EmbeddingService,
    private readonly reranking: RerankingService,
    private readonly clock: Clock,
  ) {
    this.#line = new QuestionLine(AT_ONCE, clock);
  }

  /**
   * At most `k` passages, best first, in a reranker's order where one is set up and it pays. When the embedding server is away the
   * answer comes from the rest and a warning says so.
   * @throws GraphError `workspace-not-found`, StorageError (`store-busy` when too many questions wait for a store that answers none); the signal's reason when it is aborted
   */
  async retrieve(request: RetrievalRequest, config: RetrievalConfig = RETRIEVAL_DEFAULTS): Promise<RetrievalResult> {
    const start = this.clock.monotonic();
    const warnings: string[] = [];
    // Neither model is waited for in line: no place is held while a server thinks.
    const vector = await this.#questionVector(request, warnings);
    const input = this.#input(request, vector, config);
    const options = { signal: request.signal, searchesVectors: vector !== undefined };
    const found = await this.#line.run(() => this.programs.run(request.workspace, RETRIEVE, input, options), request.signal);
    const { shown, ms, usage, warnings: said } = await this.reranking.order(request, found.passages.map(({ passage }) => passage));
    const passages = shown.flatMap((from) => found.passages[from] ?? []);
    const timings = { ...found.ms, ...ms, total: Math.round((this.clock.monotonic() - start) * 100) / 100, counts: found.counts };
    this.logger.debug({ workspace: request.workspace.uid, timings }, 'retrieved');
    return {
      passages: passages.map((passage, i) => moved(shownPassage(passage, i), shown[i] ?? i)),
      keys: passages.map(({ passage }) => passage.key),
      timings,
      ...foundBeside(found),
      usage,
      warnings: [...warnings, ...said],
    };
  }

  /** At most `k` passages as the text index alone gives them, best first: the yardstick of evaluations. */
  async textAlone({ workspace, query, k, signal }: RetrievalRequest, config: RetrievalConfig = RETRIEVAL_DEFAULTS): Promise<readonly PassageKey[]> {
    return await this.programs.run(workspace, TEXT_ALONE, { query, k, config }, { signal });
  }

  #input({ query, k, filter }: RetrievalRequest, vector: Float32Array | undefined, config: RetrievalConfig): ChainInput {
    const given = { ...(filter === undefined ? {} : { filter }), ...(vector === undefined ? {} : { vector }) };
    return { query, k, config, mayRerank: this.reranking.active, ...given };
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
}

function foundBeside({ frequencies, nameWeights }: ChainOutput): Pick<RetrievalResult, 'frequencies' | 'nameWeights'> {
  return { frequencies, nameWeights };
}

function shownPassage({ passage, score, via }: ChainPassage, index: number): RetrievedPassage {
  const { key, documentTitle, ordinal, metadata, ...rest } = passage;
  return { ...rest, rank: index + 1, score: roundScore(score), via };
}

/** @param from the passage's index in the order of the search */
function moved(passage: RetrievedPassage, from: number): RetrievedPassage {
  const before = from + 1;
  return before === passage.rank ? passage : { ...passage, via: { ...passage.via, rerank: { from: before } } };
}
