import { describeChatModel } from '../../../test/contract/chat-model.contract.ts';
import { FakeChatModel } from '../../../test/fakes/fake-chat-model.ts';
import { callContext, type GatewayStack, openGatewayStack } from '../../../test/fixtures/gateway-stack.ts';
import type { ChatMessage } from '../models.types.ts';

describeChatModel('the OpenAI-compatible adapter', async () => {
  let answer = '';
  const stack = await openGatewayStack({ answer: () => answer });
  return {
    model: stack.client.chatModel,
    says: (text) => {
      answer = text;
    },
    breaksOff: () => {
      stack.server.always({ kind: 'cut', afterParts: 2 });
    },
    fallsSilent: () => {
      stack.server.always({ kind: 'stall', afterParts: 1 });
    },
    noticedLeaving: () => stack.server.until(() => stack.server.aborted === 1),
    stop: () => stack.stop(),
  };
});

describeChatModel('the fake', () => {
  const model = new FakeChatModel();
  return Promise.resolve({
    model,
    says: (text) => {
      model.parts = text.match(/\S+\s*/g) ?? [];
    },
    breaksOff: () => {
      model.ending = 'fail';
    },
    fallsSilent: () => {
      model.ending = 'silence';
    },
    noticedLeaving: () => {
      expect(model.left).toBe(1);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  });
});

const ASK: readonly ChatMessage[] = [
  { role: 'system', content: 'You extract.' },
  { role: 'user', content: 'text' },
];
const JSON_OPTIONS = { model: 'm', jsonSchema: { name: 'extraction', schema: { type: 'object' } } };

describe('OpenAiChatModel', () => {
  let stack: GatewayStack;
  afterEach(async () => {
    await stack.stop();
  });
  const bodies = (): Readonly<Record<string, unknown>>[] => stack.server.requests.map((request) => request.body);

  it('asks for JSON of a schema by name', async () => {
    stack = await openGatewayStack();
    await stack.client.chatModel.complete(ASK, JSON_OPTIONS, callContext());
    expect(bodies()).toMatchObject([{ response_format: { type: 'json_schema', json_schema: { name: 'extraction', schema: { type: 'object' } } } }]);
  });

  it('falls back to JSON mode with the schema in words when schemas are refused, and remembers it for every client', async () => {
    stack = await openGatewayStack({ refuses: ['response_format:json_schema'] });
    await stack.client.chatModel.complete(ASK, JSON_OPTIONS, callContext());
    await stack.gateway.openClient('other').chatModel.complete(ASK, JSON_OPTIONS, callContext('bulk'));
    expect(bodies().map((body) => (body['response_format'] as { type: string }).type)).toEqual(['json_schema', 'json_object', 'json_object']);
    expect(bodies()[1]?.['messages']).toEqual([
      { role: 'system', content: expect.stringMatching(/^You extract\.[^]*JSON Schema[^]*\{"type":"object"\}$/) as string },
      { role: 'user', content: 'text' },
    ]);
  });

  it('falls back even when the refusal does not say what it is about', async () => {
    stack = await openGatewayStack({ refuses: ['response_format:json_schema'], refusalText: 'Bad Request' });
    await stack.client.chatModel.complete(ASK, JSON_OPTIONS, callContext());
    expect(stack.server.calls()).toBe(2);
  });

  it('asks in words alone where JSON mode is refused too', async () => {
    stack = await openGatewayStack({ refuses: ['response_format'] });
    await stack.client.chatModel.complete(ASK, JSON_OPTIONS, callContext());
    await stack.client.chatModel.complete(ASK, JSON_OPTIONS, callContext());
    expect(bodies().map((body) => 'response_format' in body)).toEqual([true, true, false, false]);
  });

  it('learns nothing from a refusal that is about something else, and shows the first one', async () => {
    stack = await openGatewayStack({ refuses: ['model'], refusalText: 'the prompt is too long' });
    await expect(stack.client.chatModel.complete(ASK, JSON_OPTIONS, callContext())).rejects.toMatchObject({
      code: 'model-rejected',
      status: 400,
      serverText: expect.stringContaining('the prompt is too long') as string,
    });
    await expect(stack.client.chatModel.complete(ASK, JSON_OPTIONS, callContext())).rejects.toMatchObject({ status: 400 });
    expect(bodies()[2]).toMatchObject({ response_format: { type: 'json_schema' } });
  });

  it('streams without usage where stream_options is refused', async () => {
    stack = await openGatewayStack({ refuses: ['stream_options'] });
    const parts = await Array.fromAsync(stack.client.chatModel.stream(ASK, { model: 'm' }, callContext()));
    expect(parts.at(-1)).toEqual({ kind: 'end', usage: { promptTokens: 0, completionTokens: 0, costUsd: 0 } });
    await Array.fromAsync(stack.client.chatModel.stream(ASK, { model: 'm' }, callContext()));
    expect(stack.server.calls()).toBe(3);
  });

  it('names the limit of tokens as newer models want it, and drops a temperature they refuse', async () => {
    stack = await openGatewayStack({ refuses: ['max_tokens', 'temperature'] });
    const options = { model: 'm', temperature: 0, maxTokens: 50 };
    await stack.client.chatModel.complete(ASK, options, callContext());
    expect(bodies().at(-1)).toMatchObject({ max_completion_tokens: 50 });
    expect(bodies().at(-1)).not.toHaveProperty('temperature');
  });

  it('costs what config/models.json says, and nothing where it says nothing', async () => {
    stack = await openGatewayStack();
    const dated = await stack.client.chatModel.complete(ASK, { model: 'gpt-4.1-2025-04-14' }, callContext());
    expect(dated.usage.costUsd).toBeCloseTo((11 * 2 + 7 * 8) / 1e6, 12);
    const unknown = await stack.client.chatModel.complete(ASK, { model: 'm' }, callContext());
    expect(unknown.usage).toEqual({ promptTokens: 11, completionTokens: 7, costUsd: 0 });
  });

  it('calls JSON of another shape malformed', async () => {
    stack = await openGatewayStack();
    stack.server.always({ kind: 'wrong-shape' });
    await expect(stack.client.chatModel.complete(ASK, { model: 'm' }, callContext())).rejects.toMatchObject({ code: 'model-answer-malformed' });
  });
});
