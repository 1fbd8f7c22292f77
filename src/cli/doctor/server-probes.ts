import { RandomIdSource } from '../../common/clock/random-id-source.ts';
import { SystemClock } from '../../common/clock/system-clock.ts';
import { abortable } from '../../common/concurrency/abortable.ts';
import { describeError } from '../../common/errors/describe-error.ts';
import type { Settings } from '../../config/load-settings.ts';
import { Neo4jConnection } from '../../storage/neo4j-connection.service.ts';
import { memcachedProbes, redisProbe } from './cache-probes.ts';
import { type ServerAnswer, type ServerProbe, withoutUser } from './server-probe.ts';

const TIMEOUT_MS = 5000;

/** A probe for each server that the settings name; none for what runs inside the process. */
export function probesFor({ models, cache, store }: Settings): ServerProbe[] {
  const uses = (tier: (typeof cache.tiers)[number], address: string | undefined): string[] =>
    cache.tiers.includes(tier) && address !== undefined ? [address] : [];
  return [
    ...(models.baseUrl === undefined ? [] : [modelProbe(models.baseUrl, models)]),
    ...(store.kind === 'neo4j' ? [graphProbe(store)] : []),
    ...uses('redis', cache.redisUrl).map(redisProbe),
    ...uses('memcached', cache.memcachedServers).flatMap(memcachedProbes),
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

/** Signs in, looks at the version and tries to write, as the service does. */
function graphProbe(store: Settings['store']): ServerProbe {
  return {
    server: 'neo4j',
    address: withoutUser(store.neo4j.uri ?? ''),
    ask: async (signal) => {
      const connection = new Neo4jConnection(store, new SystemClock(), new RandomIdSource());
      try {
        const { agent } = await abortable(connection.inspect(), signal);
        return `${agent}, takes writes in the database ${store.neo4j.database}`;
      } finally {
        connection.onApplicationShutdown().catch(() => undefined);
      }
    },
  };
}
