import OpenAI from 'openai';
import { Agent, fetch as undiciFetch, interceptors } from 'undici';
import type { Clock } from '../../common/clock/clock.port.ts';
import type { PoolFigures } from '../../common/pools/pool.types.ts';
import { PoolWatch } from '../../common/pools/pool-watch.ts';
import type { ModelsConfig } from '../../config/models.config.ts';
import { AgentPool } from './agent-pool.ts';
import { ModelError } from '../models.errors.ts';
import type { ModelKind } from '../models.types.ts';
import { Redaction } from '../redaction.ts';
import { eventError, ServerRefusal, toModelError, UnreadableAnswer } from './openai-errors.ts';
import { DONE, sseData } from './sse-data.ts';

const PATHS: Readonly<Record<ModelKind, string>> = { chat: '/chat/completions', embedding: '/embeddings' };
const CONNECT_TIMEOUT_MS = 10_000;
const DNS_ITEMS = 100;
/** Above every deadline, because the client's own time limit ends at the headers; deadlines are the gateway's. */
const NO_TIMEOUT_MS = 2_000_000_000;

/** What is told of the server beside its answers. */
export interface UpstreamEvents {
  /** Told when the pool of connections stays nearly full. */
  readonly warn?: (message: string) => void;
  /** Told the headers of each answer that says what is left of a limit. */
  readonly headers?: (headers: Headers) => void;
}

type Body = Readonly<Record<string, unknown>>;

/** One OpenAI-compatible server behind a pool of connections of its own. Makes each call once; errors are ModelError. */
export class OpenAiUpstream {
  readonly #agent: Agent;
  readonly #pool: AgentPool;
  readonly #client: OpenAI;
  readonly #redaction: Redaction;
  readonly #clock: Clock;

  constructor(config: ModelsConfig & { readonly baseUrl: string }, clock: Clock, tell: UpstreamEvents = {}) {
    const { warn = (): void => undefined, headers: seen } = tell;
    this.#clock = clock;
    const connections = Math.min(config.connectionsPerHost, config.connections);
    this.#redaction = new Redaction([config.apiKey, new URL(config.baseUrl).password]);
    this.#agent = new Agent({
      connections,
      connect: { timeout: Math.min(CONNECT_TIMEOUT_MS, config.interactiveTimeoutMs) },
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#pool = new AgentPool(this.#agent, connections, { clock, watch: new PoolWatch(clock, warn) });
    const dns = interceptors.dns({ maxTTL: config.dnsTtlMs, maxItems: DNS_ITEMS });
    this.#client = new OpenAI({
      apiKey: config.apiKey ?? 'none',
      // A server of one's own without a key is not shown an invented one.
      ...(config.apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
      baseURL: config.baseUrl,
      organization: null,
      project: null,
      maxRetries: 0,
      timeout: NO_TIMEOUT_MS,
      logLevel: 'off',
      fetch: fetchWith(seen) as unknown as typeof fetch,
      fetchOptions: { dispatcher: this.#agent.compose(this.#pool.interceptor(), dns) } as never,
    });
  }

  poolFigures(): PoolFigures {
    return this.#pool.figures();
  }

  /** Ends every connection; calls under way fail. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** The JSON that the server answers a call with. */
  async post(kind: ModelKind, body: Body, signal: AbortSignal): Promise<unknown> {
    try {
      const response = await this.#client.post(PATHS[kind], { body, signal }).asResponse();
      return parsed(await response.text());
    } catch (error) {
      throw this.#translated(error, signal);
    }
  }

  /** The events of a streamed answer. Ends well only after the answer's own end: `[DONE]` or a reason why the model stopped. */
  async *stream(kind: ModelKind, body: Body, signal: AbortSignal): AsyncGenerator {
    let finished = false;
    const request = followed(signal);
    try {
      const options = { body: { ...body, stream: true }, signal: request.signal, stream: true };
      const response = await this.#client.post(PATHS[kind], options).asResponse();
      for await (const data of dataOf(response)) {
        if (data === DONE) return;
        const event = this.#event(data);
        finished ||= isLast(event);
        yield event;
      }
    } catch (error) {
      // What breaks after the answer's end does not take the answer away.
      if (!finished || signal.aborted) throw this.#translated(error, signal);
    } finally {
      request.unfollow();
    }
    if (!finished) throw new ModelError('model-unavailable', 'The model server ended its answer in the middle.', { retryable: true });
  }

  #event(data: string): unknown {
    const event = parsed(data);
    if (hasError(event)) throw eventError(event.error, this.#redaction);
    return event;
  }

  #translated(error: unknown, signal: AbortSignal): unknown {
    return signal.aborted ? signal.reason : toModelError(error, this.#redaction, this.#clock.now());
  }
}

/** A signal that follows another one until told otherwise: what is left of a body after its end is not worth breaking a connection. */
function followed(signal: AbortSignal): { readonly signal: AbortSignal; unfollow(): void } {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(signal.reason);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    unfollow: () => {
      signal.removeEventListener('abort', abort);
    },
  };
}

/** The data of the events; a server that cannot stream answers with one JSON body, which is one event. */
async function* dataOf(response: Response): AsyncGenerator<string> {
  const whole = response.headers.get('content-type')?.includes('application/json') ?? false;
  if (whole || response.body === null) yield await response.text();
  else yield* sseData(response.body);
}

function fetchWith(seen: UpstreamEvents['headers']): typeof undiciFetch {
  return async (...request) => {
    const response = await undiciFetch(...request);
    // Most servers tell no limits, and then nothing is copied.
    const tellsLimits = response.headers.has('x-ratelimit-remaining-requests') || response.headers.has('x-ratelimit-remaining-tokens');
    if (response.ok && !tellsLimits) return response;
    const headers = new Headers([...response.headers]);
    if (tellsLimits) seen?.(headers);
    if (response.ok) return response;
    throw new ServerRefusal(response.status, headers, await response.text());
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableAnswer(text);
  }
}

function hasError(event: unknown): event is { error: unknown } {
  return typeof event === 'object' && event !== null && 'error' in event && event.error !== null && event.error !== undefined;
}

function isLast(event: unknown): boolean {
  const choices = (event as { choices?: ({ finish_reason?: unknown } | null)[] } | null)?.choices;
  return Array.isArray(choices) && choices.some((choice) => typeof choice?.finish_reason === 'string');
}
