import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { problemOf } from './problem.ts';
import { toAppError } from './to-app-error.ts';

/** One server-sent event; `data` is sent as one line of JSON. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

export interface SendEventsOptions {
  /** Ends the stream early with an `error` event of its reason, such as ShutdownService.signal. The reader's leaving is seen anyway. */
  readonly signal?: AbortSignal;
  /** Milliseconds of silence after which proxies are told that the stream lives; 15 s if left out. */
  readonly heartbeatMs?: number;
}

const logger = new Logger('EventStream');

/**
 * Aborted when the reader goes away before the answer has ended, or when one of `also` is (give it ShutdownService.signal). Pass
 * it to whatever the answer waits for.
 */
export function readerSignal(reply: FastifyReply, ...also: AbortSignal[]): AbortSignal {
  const gone = new AbortController();
  const { raw } = reply;
  const leave = (): void => {
    if (!raw.writableFinished) gone.abort(new DOMException('The reader went away.', 'AbortError'));
  };
  if (raw.destroyed) leave();
  else raw.once('close', leave);
  return also.length === 0 ? gone.signal : AbortSignal.any([gone.signal, ...also]);
}

/**
 * Sends events as text/event-stream, no faster than the reader takes them, and resolves when the stream has ended for whatever
 * reason. An error of `events`, or the reason of `signal`, is sent as a last event `error` with the problem. When the reader has
 * gone, nothing more is asked of `events`, whose iterator is closed.
 */
export async function sendEvents(reply: FastifyReply, events: AsyncIterable<ServerEvent>, options: SendEventsOptions = {}): Promise<void> {
  const gone = readerSignal(reply);
  const stop = options.signal === undefined ? gone : AbortSignal.any([gone, options.signal]);
  const raw = open(reply);
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), options.heartbeatMs ?? 15_000);
  try {
    await pump(raw, events, stop);
  } catch (error) {
    if (!gone.aborted) await write(raw, { event: 'error', data: tell(error, reply) }, gone).catch(() => undefined);
  } finally {
    clearInterval(heartbeat);
    raw.end();
  }
}

function open(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.raw.setHeader(name, value);
  // Writing to a reader who has just gone is no fault; their leaving is seen by `close`.
  reply.raw.on('error', () => undefined);
  reply.raw.writeHead(200);
  reply.raw.flushHeaders();
  return reply.raw;
}

async function pump(raw: ServerResponse, events: AsyncIterable<ServerEvent>, stop: AbortSignal): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await unlessAborted(iterator.next(), stop);
      if (step.done === true) return;
      await write(raw, step.value, stop);
    }
  } finally {
    // Not awaited: a source that is stuck in a step would hold the end of the stream up.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // A listener per step is taken off again: thousands of steps share one signal.
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    aborted.reject(signal.reason as Error);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function write(raw: ServerResponse, { event, data }: ServerEvent, signal: AbortSignal): Promise<void> {
  if (raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) return;
  try {
    await once(raw, 'drain', { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function tell(thrown: unknown, reply: FastifyReply): unknown {
  const error = toAppError(thrown);
  if (error.code === 'internal-error') logger.error({ err: error }, 'a stream failed');
  else logger.warn({ err: error }, 'a stream ended early');
  return problemOf(error, reply.request.id);
}
