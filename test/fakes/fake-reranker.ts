import { sumOfUsage } from '../../src/models/models.types.ts';
import { Reranker, type RerankRequest, type Reranking } from '../../src/retrieval/reranker.port.ts';

/** Turns every order round, and remembers what it was asked. */
export class FakeReranker extends Reranker {
  override active = true;
  readonly requests: RerankRequest[] = [];
  warning: string | undefined;

  override rerank(request: RerankRequest): Promise<Reranking> {
    if (request.signal?.aborted === true) return Promise.reject(request.signal.reason as Error);
    this.requests.push(request);
    const order = [...request.passages.keys()].toReversed();
    const usage = sumOfUsage([{ promptTokens: 100, completionTokens: 10, costUsd: 0.25 }]);
    return Promise.resolve(this.warning === undefined ? { order, usage } : { order, usage, warning: this.warning });
  }
}
