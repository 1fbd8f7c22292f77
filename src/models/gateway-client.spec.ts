import { eventually } from '../../test/fakes/eventually.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { FakeIdSource } from '../../test/fakes/fake-id-source.ts';
import { callContext, type GatewayStack, openGatewayStack, TEST_KEY } from '../../test/fixtures/gateway-stack.ts';
import { loadSettings } from '../config/load-settings.ts';
import { ModelGateway } from './model-gateway.service.ts';
import type { ChatPart, ModelCallContext } from './models.types.ts';

const ASK = [{ role: 'user', content: 'one two three' }] as const;

describe('GatewayClient', () => {
  let stack: GatewayStack;
  beforeEach(async () => {
    stack = await openGatewayStack({}, { RAG_MAX_CONCURRENT_REQUESTS: '1' });
  });
  afterEach(async () => {
    await stack.stop();
  });

  const stream = (context: ModelCallContext = callContext()): AsyncIterable<ChatPart> => stack.client.chatModel.stream(ASK, { model: 'm' }, context);
  const read = async (parts: ChatPart[], context?: ModelCallContext): Promise<void> => {
    for await (const part of stream(context)) parts.push(part);
  };

  describe('a stream', () => {
    it('times out when it falls silent between tokens, counted from the last one', async () => {
      stack.server.always({ kind: 'stall', afterParts: 2 });
      const parts: ChatPart[] = [];
      const refused = expect(read(parts)).rejects.toMatchObject({ code: 'model-timeout' });
      await eventually(() => parts.length === 2);
      await stack.clock.advance(29_999);
      expect(stack.client.inFlight).toBe(1);
      await stack.clock.advance(1);
      await refused;
      expect(stack.server.calls()).toBe(1);
    });

    it('does not count the time its reader takes', async () => {
      const parts = stream()[Symbol.asyncIterator]();
      await parts.next();
      await stack.clock.advance(3_600_000);
      expect((await parts.next()).value).toMatchObject({ kind: 'text' });
      await parts.return?.(undefined);
    });

    it('is begun anew when it breaks before its first token, and only then', async () => {
      stack.server.next({ kind: 'cut', afterParts: 0 }, { kind: 'malformed' });
      const parts: ChatPart[] = [];
      const reading = read(parts);
      for (const wait of [250, 500]) {
        await eventually(() => stack.clock.sleeping === 2);
        await stack.clock.advance(wait);
      }
      await reading;
      expect(stack.server.calls()).toBe(3);
      stack.server.next({ kind: 'cut', afterParts: 1 });
      await expect(read([])).rejects.toMatchObject({ code: 'model-unavailable' });
      expect(stack.server.calls()).toBe(4);
    });

    it.each([
      [{ kind: 'unfinished' }, 'model-unavailable'],
      [{ kind: 'error-event', text: 'the GPU fell off' }, 'model-unavailable'],
      [{ kind: 'malformed' }, 'model-answer-malformed'],
    ] as const)('does not take %j for an end', async (fault, code) => {
      stack.server.always(fault);
      const refused = read([]).catch((error: unknown) => error);
      // What breaks before the first token is tried again; after it there is no second try.
      const tries = fault.kind === 'unfinished' ? 1 : 3;
      for (let nth = 1; nth < tries; nth += 1) {
        await eventually(() => stack.clock.sleeping === 2);
        await stack.clock.advance(500);
      }
      expect(await refused).toMatchObject({ code });
      expect(stack.server.calls()).toBe(tries);
    });

    it('gives its place back at once when it is aborted while its reader holds a part', async () => {
      const leaver = new AbortController();
      stack.server.next({ kind: 'stall', afterParts: 1 });
      const first = stream(callContext('interactive', leaver.signal))[Symbol.asyncIterator]();
      await first.next();
      const second = read([]);
      leaver.abort(new Error('left'));
      await second;
      await expect(first.next()).rejects.toThrow('left');
    });

    it('leaves its connection for others to use', async () => {
      for (let i = 0; i < 5; i += 1) await read([]);
      // The next call may begin before the last bytes of the one before are in.
      expect(stack.server.connections).toBeLessThanOrEqual(2);
    });
  });

  describe('close', () => {
    it('refuses new calls, waits for those under way, and leaves other clients alone', async () => {
      stack.server.next({ kind: 'hold' });
      const answer = stack.client.chatModel.complete(ASK, { model: 'm' }, callContext());
      await stack.server.received(1);
      let closed = false;
      const closing = stack.client.close().then(() => (closed = true));
      await expect(stack.client.chatModel.complete(ASK, { model: 'm' }, callContext())).rejects.toMatchObject({ code: 'shutting-down' });
      expect(closed).toBe(false);
      stack.server.release();
      await answer;
      await closing;
      expect(stack.clock.sleeping).toBe(0);
      await stack.gateway.openClient('other').chatModel.complete(ASK, { model: 'm' }, callContext());
    });

    it('cancels what has not ended by the deadline of the drain', async () => {
      stack.server.always({ kind: 'stall' });
      const refused = expect(stack.client.chatModel.complete(ASK, { model: 'm' }, callContext())).rejects.toMatchObject({ code: 'shutting-down' });
      await stack.server.received(1);
      const closing = stack.gateway.onApplicationShutdown();
      await stack.clock.advance(5000);
      await closing;
      await refused;
      expect(stack.client.inFlight).toBe(0);
    });
  });

  it('counts what became of calls by kind and lane', async () => {
    await stack.client.chatModel.complete(ASK, { model: 'gpt-4.1' }, callContext());
    stack.server.next({ kind: 'status', status: 404 });
    await stack.client.chatModel.complete(ASK, { model: 'm' }, callContext()).catch(() => undefined);
    for await (const part of stream()) if (part.kind === 'text') break;
    expect(stack.gateway.figures().find((line) => line.kind === 'chat' && line.lane === 'interactive')).toMatchObject({
      inFlight: 0,
      waiting: 0,
      succeeded: 1,
      failed: { 'model-rejected': 1, cancelled: 1 },
      promptTokens: 11,
      completionTokens: 7,
      costUsd: (11 * 2 + 7 * 8) / 1e6,
    });
  });

  it('shows no key to a server for which none is set', async () => {
    const { models } = loadSettings({ OPENAI_BASE_URL: stack.server.url });
    const gateway = new ModelGateway(models, new FakeClock(), new FakeIdSource(), { redisUrl: undefined });
    await gateway.onModuleInit();
    await gateway.openClient('keyless').chatModel.complete(ASK, { model: 'm' }, callContext());
    expect(stack.server.requests[0]?.headers['authorization']).toBeUndefined();
    await stack.client.chatModel.complete(ASK, { model: 'm' }, callContext());
    expect(stack.server.requests[1]?.headers['authorization']).toBe(`Bearer ${TEST_KEY}`);
    await gateway.onApplicationShutdown();
    expect(stack.logged.join('\n')).toMatch(/CHAT_MODEL.*EXTRACTION_MODEL.*EMBEDDING_MODEL/);
  });

  it('says that no model server is configured', async () => {
    const gateway = new ModelGateway(loadSettings({}).models, new FakeClock(), new FakeIdSource(), { redisUrl: undefined });
    await gateway.onModuleInit();
    const { chatModel } = gateway.openClient('none');
    expect(chatModel.configured).toBe(false);
    await expect(chatModel.complete(ASK, { model: 'm' }, callContext())).rejects.toMatchObject({ code: 'model-not-configured' });
    await expect(Array.fromAsync(chatModel.stream(ASK, { model: 'm' }, callContext()))).rejects.toMatchObject({ code: 'model-not-configured' });
  });
});
