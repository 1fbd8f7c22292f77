import { Client } from 'memjs';
import { within } from '../../../common/concurrency/within.ts';
import { isReply, memcachedFault, tooLate } from './memcached-fault.ts';

const ANSWER_MS = 150;
/** memjs's own limit is one of silence, which every write to a server that hangs begins anew; ours ends each exchange. */
const SILENCE_SECONDS = 0.2;

/**
 * The connection to one memcached server. A client whose connection failed is thrown away with all that waits on it: memjs does not
 * tell those who wait when a server goes away, and the end of an old connection makes it lose the new one.
 */
export class MemcachedConnection {
  /** Host and port. */
  readonly address: string;
  readonly #server: string;
  #client: Client;
  #closed = false;

  /** @param server `host:port` or `user:password@host:port` */
  constructor(server: string) {
    this.#server = server;
    this.address = server.slice(server.lastIndexOf('@') + 1);
    this.#client = this.#newClient();
  }

  /** One exchange. @throws CacheError for whatever goes wrong */
  async ask<T>(work: (client: Client) => Promise<T>): Promise<T> {
    if (this.#closed) throw memcachedFault(new Error('the connection was closed'), this.address);
    const client = this.#client;
    try {
      return await within(ANSWER_MS, work(client), tooLate);
    } catch (error) {
      if (!isReply(error)) this.#discard(client);
      throw memcachedFault(error, this.address);
    }
  }

  close(): void {
    this.#closed = true;
    this.#discard(this.#client);
  }

  #discard(client: Client): void {
    if (client === this.#client && !this.#closed) this.#client = this.#newClient();
    for (const server of client.servers) server.error(new Error('the connection was given up'));
  }

  #newClient(): Client {
    const logger = { log: (): void => undefined };
    return Client.create(this.#server, { retries: 1, timeout: SILENCE_SECONDS, conntimeout: SILENCE_SECONDS, keepAlive: true, logger });
  }
}
