import { connect } from 'node:net';
import { describeError } from '../../common/errors/describe-error.ts';
import type { Settings } from '../../config/load-settings.ts';

/** What a configured server answered. */
export interface ServerAnswer {
  readonly server: string;
  /** Without user and password. */
  readonly address: string;
  readonly ok: boolean;
  readonly answer: string;
  readonly ms: number;
}

/** How to ask one server. */
export interface ServerProbe {
  readonly server: string;
  readonly address: string;
  /** Resolves to what the server said; rejects when it said nothing useful. */
  readonly ask: (signal: AbortSignal) => Promise<string>;
}

const TIMEOUT_MS = 5000;

function withoutUser(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//');
}

/** A probe for each server that the settings name; none for what runs inside the process. */
export function probesFor({ models, cache, store }: Settings): ServerProbe[] {
  const uses = (tier: (typeof cache.tiers)[number], address: string | undefined): string[] =>
    cache.tiers.includes(tier) && address !== undefined ? address.split(',') : [];
  const graph = store.kind === 'neo4j' && store.neo4j.uri !== undefined ? [store.neo4j.uri] : [];
  return [
    ...(models.baseUrl === undefined ? [] : [modelProbe(models.baseUrl, models)]),
    ...graph.map((uri) => socketProbe('neo4j', uri, { port: 7687 })),
    ...uses('redis', cache.redisUrl).map((url) => socketProbe('redis', url, { port: 6379, say: 'PING\r\n' })),
    ...uses('memcached', cache.memcachedServers).map((host) => socketProbe('memcached', `memcached://${host.trim()}`, { port: 11_211, say: 'version\r\n' })),
  ];
}

/** Asks a server, at most five seconds. */
export async function askServer({ server, address, ask }: ServerProbe, interruption: AbortSignal): Promise<ServerAnswer> {
  const start = performance.now();
  const told = (ok: boolean, answer: string): ServerAnswer => ({ server, address, ok, answer, ms: Math.round(performance.now() - start) });
  try {
    return told(true, await ask(AbortSignal.any([interruption, AbortSignal.timeout(TIMEOUT_MS)])));
  } catch (error) {
    interruption.throwIfAborted();
    return told(false, failure(error));
  }
}

function failure(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${describeError(error)}${cause}`;
}

/** The list of models is free of charge and needs the key, so it shows whether address and key are right. */
function modelProbe(baseUrl: string, models: Settings['models']): ServerProbe {
  return {
    server: 'models',
    address: withoutUser(baseUrl),
    ask: async (signal) => {
      const headers = models.apiKey === undefined ? {} : { authorization: `Bearer ${models.apiKey}` };
      const response = await fetch(`${baseUrl.replace(/\/$/, '')}/models`, { headers, signal });
      if (!response.ok) throw new Error(`answered ${String(response.status)} ${response.statusText}`.trim());
      const ids = modelIds(await response.json());
      const wanted = [...new Set([models.chatModel, models.extractionModel, models.embeddingModel].filter((name) => name !== undefined))];
      const missing = wanted.filter((name) => !ids.includes(name));
      return `lists ${String(ids.length)} models${missing.length === 0 ? '' : `; not among them: ${missing.join(', ')}`}`;
    },
  };
}

function modelIds(body: unknown): string[] {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : [];
  return Array.isArray(data) ? data.map((item: unknown) => (typeof item === 'object' && item !== null && 'id' in item ? String(item.id) : '')) : [];
}

/** Connects, and waits for the first line when there is something to say. */
function socketProbe(server: string, address: string, { port, say }: { readonly port: number; readonly say?: string }): ServerProbe {
  const url = new URL(address);
  return {
    server,
    address: withoutUser(address),
    ask: (signal) =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: url.hostname, port: url.port === '' ? port : Number(url.port), signal });
        const done = (answer: string): void => {
          resolve(answer);
          socket.destroy();
        };
        socket.once('error', reject);
        socket.once('connect', () => {
          if (say === undefined) done('accepts connections');
          else socket.write(say);
        });
        socket.once('data', (data: Buffer) => { done(data.toString('utf8').split('\r\n')[0] ?? ''); });
      }),
  };
}
