import { describeReranker } from '../../test/contract/reranker.contract.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeReranker } from '../../test/fakes/fake-reranker.ts';
import { RerankingService } from './reranking.service.ts';
import { RETRIEVAL_DEFAULTS } from './retrieval-config.ts';
import { Stopwatch } from './stopwatch.ts';

describeReranker('FakeReranker', () => new FakeReranker());

const REQUEST = { workspace: { slug: 'w', uid: 'w1', createdAt: '2026-01-01T00:00:00.000Z' }, query: 'Who?', k: 2 };
const ALIKE = Array.from({ length: 40 }, () => 1);
const passages = (count: number) => Array.from({ length: count }, (_, i) => ({ title: `Title ${String(i)}`, text: `Text ${String(i)}` }));

describe('RerankingService', () => {
  it('has the candidates read where their order is to be asked for, else what is wanted', () => {
    const reranker = new FakeReranker();
    const service = new RerankingService(reranker);
    expect(service.wanted(ALIKE, 2, RETRIEVAL_DEFAULTS)).toBe(25);
    expect(service.wanted([1, 1, 0.001], 2, RETRIEVAL_DEFAULTS)).toBe(2);
    reranker.active = false;
    expect(service.wanted(ALIKE, 2, RETRIEVAL_DEFAULTS)).toBe(2);
  });

  it('gives the first of the new order, what it cost and what went wrong, and times it', async () => {
    const reranker = new FakeReranker();
    reranker.warning = 'It was not easy.';
    const stopwatch = new Stopwatch(new FakeClock());
    const result = await new RerankingService(reranker).order(REQUEST, passages(4), stopwatch);
    expect(result).toEqual({ shown: [3, 2], usage: { promptTokens: 100, completionTokens: 10, costUsd: 0.25 }, warnings: ['It was not easy.'] });
    expect(stopwatch.timings()).toHaveProperty('rerank');
    expect(reranker.requests[0]).toMatchObject({ query: 'Who?', passages: passages(4) });
  });

  it('asks nothing when no more were read than are wanted', async () => {
    const reranker = new FakeReranker();
    const stopwatch = new Stopwatch(new FakeClock());
    expect(await new RerankingService(reranker).order(REQUEST, passages(2), stopwatch)).toMatchObject({ shown: [0, 1], warnings: [] });
    expect(reranker.requests).toEqual([]);
    expect(stopwatch.timings()).not.toHaveProperty('rerank');
  });
});
