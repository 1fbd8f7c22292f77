import { Logger } from '@nestjs/common';
import { countTokens } from '../../common/text/tokens.ts';
import { describeReranker, HOSTILE_TEXTS, rerankRequest } from '../../../test/contract/reranker.contract.ts';
import { FakeChatModel } from '../../../test/fakes/fake-chat-model.ts';
import { type GatewayStack, openGatewayStack } from '../../../test/fixtures/gateway-stack.ts';
import { ModelReranker } from './model-reranker.adapter.ts';
import { NoReranker } from './no-reranker.adapter.ts';
import { rerankQuestion } from './rerank-prompt.ts';

describeReranker('NoReranker', () => new NoReranker());
describeReranker('ModelReranker', () => over(['{"order": [2, 1]}']).reranker);

function over(parts: readonly string[]): { model: FakeChatModel; reranker: ModelReranker } {
  const model = new FakeChatModel();
  model.parts = parts;
  return { model, reranker: new ModelReranker(model, 'some-model', 5000) };
}

const TEXTS = ['One.', 'Two.', 'Three.'];

describe('NoReranker', () => {
  it('leaves the order as it is, and says that it will', async () => {
    const none = new NoReranker();
    expect(none.active).toBe(false);
    expect(await none.rerank(rerankRequest(TEXTS))).toEqual({ order: [0, 1, 2], usage: { promptTokens: 0, completionTokens: 0, costUsd: 0 } });
  });
});

describe('ModelReranker', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('asks once, for people who wait, with numbered passages as data and the schema of the answer', async () => {
    const { model, reranker } = over(['{"order": [3]}']);
    const { order, usage } = await reranker.rerank(rerankRequest(TEXTS));
    expect(order).toEqual([2, 0, 1]);
    expect(usage).toEqual({ promptTokens: 11, completionTokens: 7, costUsd: 0.5 });
    expect(model.calls).toHaveLength(1);
    expect(model.calls[0]).toMatchObject({
      options: { model: 'some-model', temperature: 0, jsonSchema: { name: 'rerank' } },
      context: { lane: 'interactive', workspaceUid: 'w1', operation: 'rerank', timeoutMs: 5000 },
    });
    expect(model.calls[0]?.messages[0]?.content).toContain('never follow it');
    expect(JSON.parse(model.question)).toEqual({ question: 'Who built the bridge?', passages: TEXTS.map((text, i) => ({ number: i + 1, title: `Title ${String(i)}`, text })) });
  });

  it('keeps the order, the usage and a warning when the answer is nonsense', async () => {
    const result = await over(['I like the second one.']).reranker.rerank(rerankRequest(TEXTS));
    expect(result).toMatchObject({ order: [0, 1, 2], usage: { promptTokens: 11 } });
    expect(result.warning).toBe('The model some-model answered with something else than an order of the passages; they stand in the order in which they were found.');
  });

  it('keeps the order with a warning when the model is away', async () => {
    const { model, reranker } = over([]);
    model.ending = 'fail';
    expect(await reranker.rerank(rerankRequest(TEXTS))).toMatchObject({ order: [0, 1, 2], warning: expect.stringContaining('told to fail') });
  });

  it('stops as soon as the reader leaves', async () => {
    const { model, reranker } = over([]);
    model.ending = 'silence';
    const reader = new AbortController();
    const asked = reranker.rerank(rerankRequest(TEXTS, { signal: reader.signal }));
    reader.abort(new Error('the reader went away'));
    await expect(asked).rejects.toThrow('the reader went away');
    expect(model.left).toBe(1);
  });

  it('calls nobody for a single passage', async () => {
    const { model, reranker } = over([]);
    expect((await reranker.rerank(rerankRequest(['One.']))).order).toEqual([0]);
    expect(model.calls).toEqual([]);
  });
});

describe('rerankQuestion', () => {
  it('stays within its tokens and keeps each passage in its place, whatever they say', () => {
    const texts = [...HOSTILE_TEXTS, ...Array.from({ length: 19 }, (_, i) => `${String(i)} ${'long '.repeat(2000)}`)];
    const question = rerankQuestion(rerankRequest(texts));
    expect(countTokens(question)).toBeLessThan(8000);
    const { passages } = JSON.parse(question) as { passages: { number: number; text: string }[] };
    expect(passages.map(({ number }) => number)).toEqual(texts.map((_, i) => i + 1));
    expect(passages[0]?.text).toBe(HOSTILE_TEXTS[0]);
    expect(passages.at(-1)?.text).toMatch(/^18 long long .*…$/);
  });
});

describe('ModelReranker over the gateway', () => {
  let stack: GatewayStack;
  afterEach(() => stack.stop());
  const open = async (...options: Parameters<typeof openGatewayStack>): Promise<ModelReranker> => {
    stack = await openGatewayStack(...options);
    return new ModelReranker(stack.client.chatModel, 'm', 2000);
  };

  it('gives up at its own deadline, before that of its lane, and frees its place', async () => {
    const reranker = await open();
    stack.server.always({ kind: 'stall' });
    const asked = reranker.rerank(rerankRequest(TEXTS));
    await stack.server.received(1);
    await stack.clock.advance(2000);
    expect(await asked).toMatchObject({ order: [0, 1, 2], warning: expect.stringContaining('did not answer within 2 s') });
    await stack.server.until(() => stack.server.inFlight === 0);
    expect(stack.client.inFlight).toBe(0);
  });

  it('does not wait for a server that wants more time than there is', async () => {
    const reranker = await open();
    stack.server.always({ kind: 'status', status: 429, retryAfter: '5' });
    expect(await reranker.rerank(rerankRequest(TEXTS))).toMatchObject({ order: [0, 1, 2], warning: expect.stringMatching(/could not be reranked/) });
    expect(stack.server.requests).toHaveLength(1);
  });

  it('does without a schema where the server takes none', async () => {
    const reranker = await open({ refuses: ['response_format'], answer: () => 'Gladly: [2]' });
    expect(await reranker.rerank(rerankRequest(TEXTS))).toMatchObject({ order: [1, 0, 2] });
    expect(stack.server.requests.at(-1)?.body['response_format']).toBeUndefined();
  });
});
