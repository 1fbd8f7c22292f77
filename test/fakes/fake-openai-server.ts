import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { chatAnswer, chatEvents, embeddingsAnswer } from './fake-openai-answers.ts';
import type { FakeOpenAiOptions, Fault, RecordedRequest } from './fake-openai.types.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * A real HTTP server on loopback that speaks `/v1/models`, `/v1/chat/completions` (whole and streamed) and `/v1/embeddings`, can be
 * told to fail, and counts. Requests to `/models` are neither recorded nor failed.
 */
export class FakeOpenAiServer {
  /** Every request so far, in order of arrival. */
  readonly requests: RecordedRequest[] = [];
  readonly #options: FakeOpenAiOptions;
  readonly #server: Server;
  readonly #queue: (Fault | undefined)[] = [];
  readonly #held = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  #always: ((request: RecordedRequest) => Fault | undefined) | undefined;
  #inFlight = 0;
  #maxInFlight = 0;
  #aborted = 0;
  #connections = 0;

  private constructor(options: FakeOpenAiOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', () => (this.#connections += 1));
  }

  /** Starts a server on a free port of 127.0.0.1. */
  static async start(options: FakeOpenAiOptions = {}): Promise<FakeOpenAiServer> {
    const fake = new FakeOpenAiServer(options);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  /** What OPENAI_BASE_URL would be. */
  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/v1`;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** The most requests that were in flight at once. */
  get maxInFlight(): number {
    return this.#maxInFlight;
  }

  /** Requests whose client left before the answer's end. */
  get aborted(): number {
    return this.#aborted;
  }

  /** Connections so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Requests so far, to one path or to all. */
  calls(path?: '/chat/completions' | '/embeddings'): number {
    return path === undefined ? this.requests.length : this.requests.filter((request) => request.path === path).length;
  }

  /** Faults of the next requests, one each, in order; `undefined` is a request that goes well. */
  next(...faults: (Fault | undefined)[]): void {
    this.#queue.push(...faults);
  }

  /** The fault of every request for which nothing is queued: one, one by request, or none any more. */
  always(fault: Fault | ((request: RecordedRequest) => Fault | undefined) | undefined): void {
    this.#always = typeof fault === 'object' ? () => fault : fault;
  }

  /** Lets every request that is held (`{ kind: 'hold' }`) go on, and forgets that the others were to be held. */
  release(): void {
    for (const go of [...this.#held]) go();
  }

  /** Resolves as soon as `condition` is true; it is looked at whenever a request comes, ends or is left. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.add(resolve));
  }

  /** Resolves when so many requests have come in all. */
  async received(count: number): Promise<void> {
    await this.until(() => this.requests.length >= count);
  }

  /** Cuts whatever is open and stops. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    this.release();
    await closed;
  }

  #changed(): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const wake of watchers) wake();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/v1/, '');
    if (path === '/models') {
      json(response, 200, { object: 'list', data: [{ id: 'fake', object: 'model' }] });
      return;
    }
    this.#inFlight += 1;
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight);
    response.on('close', () => {
      this.#inFlight -= 1;
      if (!response.writableFinished) this.#aborted += 1;
      this.#changed();
    });
    const body = await readJson(request);
    if (body === undefined) return;
    const recorded = { path, headers: request.headers as Record<string, string | undefined>, body };
    this.requests.push(recorded);
    this.#changed();
    await this.#answer(recorded, response, this.#queue.length > 0 ? this.#queue.shift() : this.#always?.(recorded));
  }

  async #answer(request: RecordedRequest, response: ServerResponse, fault: Fault | undefined): Promise<void> {
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      json(response, refusal.status, { error: { message: refusal.message, type: 'invalid_request_error' } });
      return;
    }
    if (fault !== undefined && (await this.#failEarly(response, fault))) return;
    if (request.path === '/embeddings') await this.#embeddings(request.body, response, fault);
    else if (request.path === '/chat/completions') await this.#chat(request.body, response, fault);
    else json(response, 404, { error: { message: `no such path: ${request.path}` } });
  }

  async #embeddings(body: Body, response: ServerResponse, fault: Fault | undefined): Promise<void> {
    const wrong = fault?.kind === 'embeddings' ? fault.fault : undefined;
    await writeFaulty(response, [JSON.stringify(embeddingsAnswer(body, this.#options.dimensions ?? 8, wrong))], fault);
  }

  async #chat(body: Body, response: ServerResponse, fault: Fault | undefined): Promise<void> {
    const text = (this.#options.answer ?? echo)(body);
    if (body['stream'] === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      await writeFaulty(response, [...chatEvents(body, text).map((event) => sse(event)), 'data: [DONE]\n\n'], fault);
      return;
    }
    const whole = JSON.stringify(chatAnswer(body, text));
    await writeFaulty(response, [whole.slice(0, 20), whole.slice(20)], fault);
  }

  #refusal(request: RecordedRequest): { status: number; message: string } | undefined {
    const { apiKey, refuses = [], refusalText } = this.#options;
    const authorization = request.headers['authorization'];
    if (apiKey !== undefined && authorization !== `Bearer ${apiKey}`) {
      return { status: 401, message: `Incorrect API key provided: ${authorization ?? 'none'}` };
    }
    const field = refuses.find((name) => hasField(request.body, name));
    return field === undefined ? undefined : { status: 400, message: refusalText ?? `Unsupported parameter: ${field.replace(':', ' of type ')}` };
  }

  /** Whatever happens before the answer's first byte; true if there is no answer any more. */
  async #failEarly(response: ServerResponse, fault: Fault): Promise<boolean> {
    if (fault.kind === 'status') return failWith(response, fault);
    if ((fault.kind === 'stall' || fault.kind === 'cut') && fault.afterParts === undefined) {
      if (fault.kind === 'cut') response.destroy();
      return true;
    }
    if (fault.kind === 'slow') await delay(fault.ms);
    if (fault.kind === 'hold') {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#held.delete(go);
          resolve();
        };
        this.#held.add(go);
        response.on('close', go);
      });
    }
    return false;
  }
}

function echo(body: Body): string {
  const messages = body['messages'] as { content: string }[];
  return `Echo: ${messages.at(-1)?.content ?? ''}`;
}

function hasField(body: Body, name: string): boolean {
  const [field = '', type] = name.split(':');
  const value = body[field];
  return type === undefined ? value !== undefined : (value as { type?: string } | undefined)?.type === type;
}

async function readJson(request: IncomingMessage): Promise<Body | undefined> {
  try {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as Body;
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function failWith(response: ServerResponse, fault: Extract<Fault, { kind: 'status' }>): true {
  const headers = {
    ...(fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }),
    ...(fault.retryAfterMs === undefined ? {} : { 'retry-after-ms': String(fault.retryAfterMs) }),
  };
  json(response, fault.status, { error: { message: fault.text ?? `told to fail with ${String(fault.status)}` } }, headers);
  return true;
}

/** Writes the parts of an answer and ends it, or stops in the middle. */
async function writeFaulty(response: ServerResponse, parts: readonly string[], fault: Fault | undefined): Promise<void> {
  const stream = response.headersSent;
  if (!stream) response.writeHead(200, { 'content-type': 'application/json' });
  for (const part of written(parts, fault, stream)) await new Promise<void>((resolve) => response.write(part, () => { resolve(); }));
  if (fault?.kind === 'cut') response.destroy();
  else if (fault?.kind !== 'stall') response.end();
}

type Rewrite = (parts: readonly string[], fault: Fault, stream: boolean) => readonly string[];

const upToFault: Rewrite = (parts, fault) => parts.slice(0, 'afterParts' in fault ? fault.afterParts : 0);

const REWRITES: Readonly<Partial<Record<Fault['kind'], Rewrite>>> = {
  stall: upToFault,
  cut: upToFault,
  unfinished: (parts) => parts.slice(0, 1),
  'error-event': (_parts, fault) => [sse({ error: { message: 'text' in fault ? fault.text : '' } })],
  malformed: (_parts, _fault, stream) => [stream ? 'data: {"choices": [\n\n' : '{"data": [<html>'],
  'wrong-shape': (_parts, _fault, stream) => [stream ? sse({ hello: 'world' }) : '{"hello": "world"}'],
};

function written(parts: readonly string[], fault: Fault | undefined, stream: boolean): readonly string[] {
  return fault === undefined ? parts : (REWRITES[fault.kind]?.(parts, fault, stream) ?? parts);
}

function sse(event: unknown): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
