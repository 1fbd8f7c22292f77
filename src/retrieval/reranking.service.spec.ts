import { describeReranker } from '../../test/contract/reranker.contract.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeReranker } from '../../test/fakes/fake-reranker.ts';
import { RerankingService } from './reranking.service.ts';

describeReranker('FakeReranker', () => new FakeReranker());

const REQUEST = { workspace: { slug: 'w', uid: 'w1', createdAt: '2026-01-01T00:00:00.000Z' }, query: 'Who?', k: 2 };
const passages = (count: number) => Array.from({ length: count }, (_, i) => ({ title: `Title ${String(i)}`, text: `Text ${String(i)}` }));

describe('RerankingService', () => {
  it('reads candidates only where a reranker may change their order', () => {
    const reranker = new FakeReranker();
    expect(new RerankingService(reranker, new FakeClock()).active).toBe(true);
    reranker.active = false;
    expect(new RerankingService(reranker, new FakeClock()).active).toBe(false);
  });

  it('gives the first of the new order, what it cost and what went wrong, and times it', async () => {
    const reranker = new FakeReranker();
    reranker.warning = 'It was not easy.';
    const result = await new RerankingService(reranker, new FakeClock()).order(REQUEST, passages(4));
    expect(result).toEqual({ shown: [3, 2], ms: { rerank: 0 }, usage: { promptTokens: 100, completionTokens: 10, costUsd: 0.25 }, warnings: ['It was not easy.'] });
    expect(reranker.requests[0]).toMatchObject({ query: 'Who?', passages: passages(4) });
  });

  it('asks nothing when no more were read than are wanted', async () => {
    const reranker = new FakeReranker();
    expect(await new RerankingService(reranker, new FakeClock()).order(REQUEST, passages(2))).toMatchObject({ shown: [0, 1], ms: {}, warnings: [] });
    expect(reranker.requests).toEqual([]);
  });
});
