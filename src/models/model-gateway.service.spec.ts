import { inspect } from 'node:util';
import { eventually } from '../../test/fakes/eventually.ts';
import { callContext, type GatewayStack, openGatewayStack, TEST_KEY } from '../../test/fixtures/gateway-stack.ts';
import type { ModelAnswer, ModelCall, ModelCallContext } from './models.types.ts';

const BODY = { model: 'e', input: ['x'] };

function embeddingCall(context: ModelCallContext): ModelCall {
  return { kind: 'embedding', model: 'e', context };
}

describe('ModelGateway', () => {
  let stack: GatewayStack;
  beforeEach(async () => {
    stack = await openGatewayStack({}, { RAG_MAX_CONCURRENT_REQUESTS: '2', INGEST_MAX_CONCURRENT: '3' });
  });
  afterEach(async () => {
    await stack.stop();
  });

  const post = (context: ModelCallContext = callContext()): Promise<ModelAnswer> => stack.client.post(embeddingCall(context), () => BODY);
  const chat = (context: ModelCallContext): Promise<unknown> => stack.client.chatModel.complete([{ role: 'user', content: 'x' }], { model: 'm' }, context);

  describe('attempts', () => {
    it('waits as long as Retry-After says, then succeeds', async () => {
      stack.server.next({ kind: 'status', status: 429, retryAfter: '7' });
      const answer = post();
      await eventually(() => stack.clock.sleeping === 2);
      await stack.clock.advance(6999);
      expect(stack.server.calls()).toBe(1);
      await stack.clock.advance(1);
      expect((await answer).usage.promptTokens).toBe(1);
      expect(stack.server.calls()).toBe(2);
    });

    it('reads retry-after-ms, and Retry-After as a date', async () => {
      const date = new Date(stack.clock.now() + 5000).toUTCString();
      stack.server.next({ kind: 'status', status: 429, retryAfterMs: 1500 }, { kind: 'status', status: 503, retryAfter: date });
      const answer = post(callContext('bulk'));
      await eventually(() => stack.clock.sleeping === 2);
      await stack.clock.advance(1500);
      await eventually(() => stack.server.calls() === 2 && stack.clock.sleeping === 2);
      await stack.clock.advance(3499);
      expect(stack.server.calls()).toBe(2);
      await stack.clock.advance(1);
      await answer;
    });

    it('fails at once when the server asks for more time than the deadline leaves', async () => {
      stack.server.always({ kind: 'status', status: 429, retryAfter: '31', text: 'slow down' });
      await expect(post()).rejects.toMatchObject({ code: 'model-rate-limited', status: 429, retryAfterMs: 31_000, retryable: true });
      expect(stack.server.calls()).toBe(1);
    });

    it('backs off with full jitter when the server asks for no wait, and gives up after the third attempt', async () => {
      stack.server.always({ kind: 'status', status: 500, text: 'out of order' });
      const answer = post();
      const refused = expect(answer).rejects.toMatchObject({ code: 'model-unavailable', status: 500, serverText: expect.stringContaining('out of order') as string });
      // The fake draws 0.5: half of 250 ms, then half of 500 ms.
      for (const wait of [125, 250]) {
        await eventually(() => stack.clock.sleeping === 2);
        await stack.clock.advance(wait);
      }
      await refused;
      expect(stack.server.calls()).toBe(3);
    });

    it.each([400, 401, 403, 404, 422])('does not repeat what is refused for good: %i', async (status) => {
      stack.server.always({ kind: 'status', status });
      await expect(post()).rejects.toMatchObject({ code: 'model-rejected', status, retryable: false });
      expect(stack.server.calls()).toBe(1);
    });

    it('takes a used-up quota for good, although it is told as 429', async () => {
      stack.server.always({ kind: 'status', status: 429, text: 'insufficient_quota: pay first' });
      await expect(post()).rejects.toMatchObject({ code: 'model-rejected', status: 429 });
    });

    it.each([{ kind: 'cut' }, { kind: 'cut', afterParts: 1 }, { kind: 'malformed' }] as const)('repeats a call that broke: %j', async (fault) => {
      stack.server.next(fault);
      const answer = chat(callContext());
      await eventually(() => stack.clock.sleeping === 2);
      await stack.clock.advance(250);
      expect(await answer).toMatchObject({ text: 'Echo: x' });
    });

    it.each([
      [{ kind: 'cut', afterParts: 1 }, 'model-unavailable'],
      [{ kind: 'malformed' }, 'model-answer-malformed'],
    ] as const)('says what broke when it stays broken: %j', async (fault, code) => {
      stack.server.always(fault);
      const answer = chat(callContext());
      const refused = expect(answer).rejects.toMatchObject({ code });
      for (const wait of [250, 500]) {
        await eventually(() => stack.clock.sleeping === 2);
        await stack.clock.advance(wait);
      }
      await refused;
    });

    it('calls a server that does not listen unavailable', async () => {
      await stack.server.stop();
      const answer = post();
      const refused = expect(answer).rejects.toMatchObject({ code: 'model-unavailable', message: expect.stringContaining('ECONNREFUSED') as string });
      for (const wait of [250, 500]) {
        await eventually(() => stack.clock.sleeping === 2);
        await stack.clock.advance(wait);
      }
      await refused;
      stack = await openGatewayStack();
    });
  });

  describe('deadlines', () => {
    it.each([
      ['interactive', 30_000],
      ['bulk', 180_000],
    ] as const)('ends a stalled %s call after %i ms', async (lane, limitMs) => {
      for (const fault of [{ kind: 'stall' }, { kind: 'stall', afterParts: 1 }] as const) {
        stack.server.next(fault);
        const calls = stack.server.calls();
        const answer = chat(callContext(lane));
        const refused = expect(answer).rejects.toMatchObject({ code: 'model-timeout', retryable: true });
        await stack.server.received(calls + 1);
        await stack.clock.advance(limitMs - 1);
        expect(stack.client.inFlight).toBe(1);
        await stack.clock.advance(1);
        await refused;
        expect(stack.client.inFlight).toBe(0);
      }
    });

    it('counts the time an interactive call waits for its place', async () => {
      stack.server.always({ kind: 'stall' });
      const held = [post(), post()].map((call) => call.catch(() => undefined));
      await stack.server.received(2);
      await stack.clock.advance(20_000);
      const refused = expect(post()).rejects.toMatchObject({ code: 'model-timeout' });
      await stack.clock.advance(10_000);
      await Promise.all(held);
      await stack.server.received(3);
      await stack.clock.advance(20_000);
      await refused;
    });

    it('does not count the time a bulk call waits for its place', async () => {
      stack.server.always({ kind: 'stall' });
      const held = [1, 2, 3].map(() => post(callContext('bulk')).catch(() => undefined));
      await stack.server.received(3);
      await stack.clock.advance(100_000);
      let over = false;
      const waiting = post(callContext('bulk'))
        .catch((error: unknown) => error)
        .finally(() => (over = true));
      await stack.clock.advance(80_000);
      await Promise.all(held);
      await stack.server.received(4);
      await stack.clock.advance(179_999);
      expect(over).toBe(false);
      await stack.clock.advance(1);
      expect(await waiting).toMatchObject({ code: 'model-timeout' });
    });
  });

  describe('lanes', () => {
    it('keeps each lane of each kind below its limit, and no lane waits for another', async () => {
      stack.server.always({ kind: 'hold' });
      const bulk = Array.from({ length: 8 }, () => post(callContext('bulk')));
      await stack.server.received(3);
      expect(stack.gateway.figures()).toContainEqual(expect.objectContaining({ kind: 'embedding', lane: 'bulk', inFlight: 3, waiting: 5 }));
      const interactive = [post(), chat(callContext()), chat(callContext('bulk'))];
      await stack.server.received(6);
      expect(stack.server.maxInFlight).toBe(6);
      stack.server.always(undefined);
      stack.server.release();
      await Promise.all([...bulk, ...interactive]);
      expect(stack.server.maxInFlight).toBe(6);
      expect(stack.client.inFlight).toBe(0);
    });

    it('frees the place of an aborted call at once and rejects with its reason', async () => {
      stack.server.always({ kind: 'stall' });
      const leaver = new AbortController();
      const held = post(callContext('interactive', leaver.signal));
      const other = post().catch(() => undefined);
      await stack.server.received(2);
      stack.server.always(undefined);
      const waiting = post();
      const left = expect(held).rejects.toThrow('went away');
      leaver.abort(new Error('went away'));
      await left;
      await waiting;
      await stack.server.until(() => stack.server.aborted === 1);
      await stack.clock.advance(30_000);
      await other;
    });

    it('lets a call leave that waits for a place or between attempts', async () => {
      const leaver = new AbortController();
      stack.server.next({ kind: 'status', status: 429, retryAfter: '20' });
      const answer = post(callContext('interactive', leaver.signal));
      await eventually(() => stack.clock.sleeping === 2);
      leaver.abort(new Error('went away'));
      await expect(answer).rejects.toThrow('went away');
      expect(stack.clock.sleeping).toBe(0);
    });
  });

  it('shows the key in no error and no log, even when the server repeats it', async () => {
    stack.server.always({ kind: 'status', status: 401, text: `Incorrect API key provided: ${TEST_KEY}. Header: Bearer ${TEST_KEY}` });
    const error: unknown = await post().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'model-rejected', status: 401, remedy: 'Check OPENAI_API_KEY.' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(TEST_KEY);
    await stack.server.stop();
    const broken = post().catch((caught: unknown) => caught);
    for (const wait of [250, 500]) {
      await eventually(() => stack.clock.sleeping === 2);
      await stack.clock.advance(wait);
    }
    expect(inspect(await broken, { depth: 9, showHidden: true })).not.toContain(TEST_KEY);
    expect(stack.logged.join('\n')).not.toContain(TEST_KEY);
    stack = await openGatewayStack();
  });

  it('keeps at most 2,000 characters of what the server says', async () => {
    stack.server.always({ kind: 'status', status: 400, text: 'x'.repeat(10_000) });
    const error = (await post().catch((caught: unknown) => caught)) as { serverText: string; message: string };
    expect(error.serverText).toHaveLength(2000);
    expect(error.message.length).toBeLessThan(400);
  });
});
