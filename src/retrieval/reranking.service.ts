import { Injectable } from '@nestjs/common';
import { type ModelUsage, sumOfUsage } from '../models/models.types.ts';
import { worthReranking } from './rerank-rule.ts';
import { Reranker } from './reranker.port.ts';
import type { RetrievalRequest } from './retrieval.types.ts';
import type { RetrievalConfig } from './retrieval-config.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Passages in the order in which they are shown. */
export interface ShownOrder {
  /** Indices of the passages read, the first `k` of the new order. */
  readonly shown: readonly number[];
  readonly usage: ModelUsage;
  readonly warnings: readonly string[];
}

/** The step behind the search that asks for another order of its first passages, where one is set up and it is worth its cost. */
@Injectable()
export class RerankingService {
  constructor(private readonly reranker: Reranker) {}

  /**
   * How many of the passages found have to be read: those wanted, or all candidates where their order is to be asked for.
   * @param scores of the passages found, by falling rank
   */
  wanted(scores: readonly number[], k: number, config: RetrievalConfig): number {
    return this.reranker.active && worthReranking(scores, k, config) ? config.rerankTop : k;
  }

  /**
   * The order of the passages read, the first `k` of it. The order is asked for when more were read than are wanted; it then makes a
   * stage `rerank` of its own.
   * @throws the signal's reason when it is aborted
   */
  async order(
    request: RetrievalRequest,
    passages: readonly { readonly title: string; readonly text: string }[],
    stopwatch: Stopwatch,
  ): Promise<ShownOrder> {
    const { workspace, query, k, signal } = request;
    if (passages.length <= k) return { shown: [...passages.keys()], usage: sumOfUsage([]), warnings: [] };
    const asked = { workspace, query, passages, ...(signal === undefined ? {} : { signal }) };
    const { order, usage, warning } = await stopwatch.time('rerank', () => this.reranker.rerank(asked));
    return { shown: order.slice(0, k), usage, warnings: warning === undefined ? [] : [warning] };
  }
}
