import { abortable } from '../../common/concurrency/abortable.ts';
import { describeError } from '../../common/errors/describe-error.ts';
import { type ServerProbe, withoutUser } from './server-probe.ts';

/** A little longer than a probe may take: it ends them itself. */
const LIMIT_MS = 6000;

/** Signs in as the service does and asks for the version, so that a wrong password shows. */
export function redisProbe(url: string): ServerProbe {
  return {
    server: 'redis',
    address: withoutUser(url),
    ask: async (signal) => {
      const { Redis } = await import('ioredis');
      const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: LIMIT_MS, disconnectTimeout: 200 });
      let fault: Error | undefined;
      client.on('error', (error: Error) => (fault ??= error));
      try {
        await abortable(client.connect(), signal);
        const info = await abortable(client.info('server'), signal);
        return `version ${/^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown'}`;
      } catch (error) {
        // What happened to the connection says more than that it was closed.
        if (fault !== undefined) throw fault;
        throw error;
      } finally {
        client.disconnect();
      }
    },
  };
}

/** A probe for each server of a list. */
export function memcachedProbes(servers: string): ServerProbe[] {
  return servers.split(',').map((server) => memcachedProbe(server.trim()));
}

function memcachedProbe(server: string): ServerProbe {
  return {
    server: 'memcached',
    address: `memcached://${server.slice(server.lastIndexOf('@') + 1)}`,
    ask: async (signal) => {
      const limit = LIMIT_MS / 1000;
      const { Client } = await import('memjs');
      const client = Client.create(server, { retries: 1, timeout: limit, conntimeout: limit, logger: { log: (): void => undefined } });
      const answer = new Promise<string>((resolve, reject) => {
        client.stats((error, _address, stats) => {
          if (error === null) resolve(`version ${stats?.['version'] ?? 'unknown'}`);
          else reject(new Error(describeError(error)));
        });
      });
      try {
        return await abortable(answer, signal);
      } finally {
        for (const each of client.servers) each.error(new Error('the probe has ended'));
      }
    },
  };
}
