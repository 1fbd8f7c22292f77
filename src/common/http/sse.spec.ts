import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { fastify, type FastifyInstance } from 'fastify';
import { eventually } from '../../../test/fakes/eventually.ts';
import { RequestError } from '../errors/request.errors.ts';
import { readerSignal, sendEvents, type SendEventsOptions, type ServerEvent } from './sse.ts';

type Source = (signal: AbortSignal) => AsyncIterable<ServerEvent>;

describe('sendEvents', () => {
  let server: FastifyInstance;
  let ended: Promise<void>;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  const serve = async (source: Source, options: SendEventsOptions = {}): Promise<string> => {
    const end = Promise.withResolvers<undefined>();
    ended = end.promise;
    server = fastify({ genReqId: () => 'the-id' });
    server.get('/', async (_request, reply) => {
      reply.header('x-kept', 'yes');
      await sendEvents(reply, source(readerSignal(reply)), options);
      end.resolve(undefined);
    });
    return server.listen({ host: '127.0.0.1', port: 0 });
  };

  afterEach(() => server.close());

  const dataOf = (event: string): Record<string, unknown> => JSON.parse(event.replace(/^.*\ndata: /s, '')) as Record<string, unknown>;

  it('sends each event as one line of JSON, with the headers that were set before', async () => {
    const url = await serve(async function* () {
      yield await Promise.resolve({ event: 'token', data: { text: 'two\nlines' } });
      yield { event: 'done', data: 0 };
    });
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-kept')).toBe('yes');
    expect(await response.text()).toBe('event: token\ndata: {"text":"two\\nlines"}\n\nevent: done\ndata: 0\n\n');
  });

  it('tells an error as a last event, as the problem', async () => {
    const url = await serve(async function* () {
      yield await Promise.resolve({ event: 'token', data: 1 });
      throw new RequestError('question-empty', 'The question is empty.');
    });
    const events = (await (await fetch(url)).text()).trim().split('\n\n');
    expect(events).toHaveLength(2);
    expect(events[1]).toMatch(/^event: error\n/);
    expect(dataOf(events[1] ?? '')).toMatchObject({ code: 'question-empty', status: 400, requestId: 'the-id' });
  });

  it('does not show what an unforeseen error says', async () => {
    const url = await serve(async function* () {
      yield await Promise.resolve({ event: 'token', data: 1 });
      throw new Error('a secret of the inside');
    });
    const text = await (await fetch(url)).text();
    expect(text).toContain('internal-error');
    expect(text).not.toContain('secret');
  });

  it('ends with the reason of the signal, even while the source is stuck', async () => {
    const stop = new AbortController();
    const url = await serve(
      async function* () {
        yield await Promise.resolve({ event: 'token', data: 1 });
        await new Promise(() => undefined);
      },
      { signal: stop.signal },
    );
    const response = await fetch(url);
    stop.abort(new RequestError('shutting-down', 'The service is stopping.'));
    expect(dataOf((await response.text()).trim())).toMatchObject({ code: 'shutting-down' });
  });

  it('aborts the reader’s signal and closes the source when the reader leaves', async () => {
    let closed = false;
    let seen: AbortSignal | undefined;
    const url = await serve(async function* (signal) {
      seen = signal;
      try {
        for (;;) yield await new Promise<ServerEvent>((resolve) => setImmediate(() => { resolve({ event: 'token', data: 1 }); }));
      } finally {
        closed = true;
      }
    });
    const leaving = new AbortController();
    const response = await fetch(url, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await ended;
    await eventually(() => closed);
    expect(seen?.aborted).toBe(true);
  });

  it('asks for no more than a slow reader takes', async () => {
    let asked = 0;
    const part = 'x'.repeat(64_000);
    await serve(async function* () {
      for (;;) {
        asked += 1;
        yield await Promise.resolve({ event: 'token', data: part });
      }
    });
    const { port } = server.server.address() as AddressInfo;
    const call = httpRequest({ port, host: '127.0.0.1' }).end();
    const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream & { destroy(): void }];
    response.pause();
    // The sockets' buffers are full once nothing more is asked for in many turns of the event loop.
    for (let quiet = 0; quiet < 200; ) {
      const before = asked;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = before === asked ? quiet + 1 : 0;
    }
    expect(asked).toBeLessThan(1000);
    response.destroy();
    await ended;
  });

  it('does not abort the reader’s signal when the answer has ended', async () => {
    let seen: AbortSignal | undefined;
    const url = await serve(async function* (signal) {
      seen = signal;
      yield await Promise.resolve({ event: 'done', data: null });
    });
    await (await fetch(url, { headers: { connection: 'close' } })).text();
    await ended;
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen?.aborted).toBe(false);
  });
});
