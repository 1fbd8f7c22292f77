import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { type ModelUsage, sumOfUsage } from '../models/models.types.ts';
import { Reranker } from './reranker.port.ts';
import type { RetrievalRequest } from './retrieval.types.ts';

/** Passages in the order in which they are shown. */
export interface ShownOrder {
  /** Indices of the passages read, the first `k` of the new order. */
  readonly shown: readonly number[];
  /** The stage it made, if it asked. */
  readonly ms: { readonly rerank?: number };
  readonly usage: ModelUsage;
  readonly warnings: readonly string[];
}

/** The step behind the search that asks for another order of its first passages, where one is set up and it is worth its cost. */
@Injectable()
export class RerankingService {
  constructor(
    private readonly reranker: Reranker,
    private readonly clock: Clock,
  ) {}

  /** Whether the candidates are to be read where another order is worth its cost. */
  get active(): boolean {
    return this.reranker.active;
  }

  /**
   * The order of the passages read, the first `k` of it. The order is asked for when more were read than are wanted; it then makes a
   * stage `rerank` of its own.
   * @throws the signal's reason when it is aborted
   */
  async order(
    request: RetrievalRequest,
    passages: readonly { readonly title: string; readonly text: string }[],
  ): Promise<ShownOrder> {
    const { workspace, query, k, signal } = request;
    if (passages.length <= k) return { shown: [...passages.keys()], ms: {}, usage: sumOfUsage([]), warnings: [] };
    const asked = { workspace, query, passages, ...(signal === undefined ? {} : { signal }) };
    const start = this.clock.monotonic();
    const { order, usage, warning } = await this.reranker.rerank(asked);
    const rerank = Math.round((this.clock.monotonic() - start) * 100) / 100;
    return { shown: order.slice(0, k), ms: { rerank }, usage, warnings: warning === undefined ? [] : [warning] };
  }
}
