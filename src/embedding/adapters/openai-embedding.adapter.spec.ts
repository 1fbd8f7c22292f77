import { describeEmbeddingProvider } from '../../../test/contract/embedding-provider.contract.ts';
import { fakeVector } from '../../../test/fakes/fake-openai-answers.ts';
import { FakeEmbeddingProvider } from '../../../test/fakes/fake-embedding-provider.ts';
import { callContext, type GatewayStack, openGatewayStack } from '../../../test/fixtures/gateway-stack.ts';
import type { FakeOpenAiOptions } from '../../../test/fakes/fake-openai.types.ts';
import { normalise } from '../unit-vector.ts';
import { OpenAiEmbeddingProvider } from './openai-embedding.adapter.ts';

let stack: GatewayStack;

async function openProvider(options: FakeOpenAiOptions = {}, dimensions?: number): Promise<OpenAiEmbeddingProvider> {
  stack = await openGatewayStack(options);
  return new OpenAiEmbeddingProvider(() => stack.client, { model: 'e', dimensions });
}

function unitVector(text: string): Float32Array {
  const vector = new Float32Array(fakeVector(text, 8));
  normalise(vector);
  return vector;
}

describeEmbeddingProvider('the OpenAI-compatible adapter', async () => ({ provider: await openProvider(), stop: () => stack.stop() }));
describeEmbeddingProvider('the OpenAI-compatible adapter where base64 is refused', async () => ({
  provider: await openProvider({ refuses: ['encoding_format'] }),
  stop: () => stack.stop(),
}));
describeEmbeddingProvider('the fake', () => Promise.resolve({ provider: new FakeEmbeddingProvider(), stop: () => Promise.resolve() }));

describe('OpenAiEmbeddingProvider', () => {
  afterEach(async () => {
    await stack.stop();
  });

  it('orders vectors by their index', async () => {
    const provider = await openProvider();
    stack.server.next({ kind: 'embeddings', fault: 'shuffled' });
    expect(await provider.embed(['a', 'b', 'c'], callContext())).toEqual(['a', 'b', 'c'].map(unitVector));
  });

  it('learns the dimension from the first answer', async () => {
    const provider = await openProvider();
    expect(provider.dimensions).toBeUndefined();
    expect(provider.modelId).toBe('e');
    await provider.embed(['a'], callContext());
    expect(provider.dimensions).toBe(8);
  });

  it('asks for the configured dimension, which is part of the model id', async () => {
    const provider = await openProvider({}, 5);
    expect([provider.modelId, provider.dimensions]).toEqual(['e@5', 5]);
    expect((await provider.embed(['a'], callContext()))[0]).toHaveLength(5);
    expect(stack.server.requests[0]?.body).toMatchObject({ dimensions: 5, model: 'e', input: ['a'] });
  });

  it('goes without `dimensions` where it is refused, and still checks the length', async () => {
    const fitting = await openProvider({ refuses: ['dimensions'] }, 8);
    expect((await fitting.embed(['a'], callContext()))[0]).toHaveLength(8);
    await stack.stop();
    const other = await openProvider({ refuses: ['dimensions'] }, 5);
    await expect(other.embed(['a'], callContext())).rejects.toThrow('8 dimensions, and 5 were expected');
  });

  it.each(['missing', 'extra', 'duplicate-index', 'wrong-dimension', 'not-finite', 'zero'] as const)('refuses embeddings that do not fit: %s', async (fault) => {
    const provider = await openProvider();
    stack.server.always({ kind: 'embeddings', fault });
    await expect(provider.embed(['a', 'b', 'c'], callContext())).rejects.toMatchObject({ code: 'embedding-answer-malformed' });
  });

  it('refuses JSON of another shape', async () => {
    const provider = await openProvider();
    stack.server.always({ kind: 'wrong-shape' });
    await expect(provider.embed(['a'], callContext())).rejects.toMatchObject({ code: 'embedding-answer-malformed' });
  });
});
