import { sumOfUsage } from '../../models/models.types.ts';
import { Reranker, type RerankRequest, type Reranking } from '../reranker.port.ts';

/** Leaves every order as it is, and calls nobody. */
export class NoReranker extends Reranker {
  override readonly active = false;

  override rerank({ passages, signal }: RerankRequest): Promise<Reranking> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    return Promise.resolve({ order: [...passages.keys()], usage: sumOfUsage([]) });
  }
}
