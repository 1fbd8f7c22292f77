import { Logger } from '@nestjs/common';
import type { Clock } from '../../../common/clock/clock.port.ts';
import { contentHash } from '../../../common/hash/content-hash.ts';
import { type MarkedValues, type ScopeEpoch, type ScopePlace, ValueServer } from '../value-server.port.ts';
import { MemcachedConnection } from './memcached-connection.ts';
import { isTooLarge } from './memcached-fault.ts';

const PREFIX = 'graphrag';
/** memcached keeps items up to 1 MiB, its own fields and the key included, unless told otherwise. */
const MAX_VALUE_BYTES = 1_000_000;
const LONGEST_RELATIVE_SECONDS = 30 * 86_400;

/** memcached, one server or several among which the names are divided. */
export class MemcachedValueServer extends ValueServer {
  override readonly tier = 'memcached';
  override readonly maxValueBytes = MAX_VALUE_BYTES;
  readonly #logger = new Logger('MemcachedCacheStore');
  readonly #connections: readonly MemcachedConnection[];
  readonly #clock: Clock;

  /** @param servers `host:port,host:port`, each with `user:password@` before it if need be */
  constructor(servers: string, clock: Clock) {
    super();
    this.#connections = servers.split(',').map((server) => new MemcachedConnection(server.trim()));
    this.#clock = clock;
  }

  override async open(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => this.#greet(connection)));
  }

  override close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    return Promise.resolve();
  }

  override async read(place: ScopePlace, keys: readonly string[]): Promise<MarkedValues> {
    const [mark, ...values] = await Promise.all([epochName(place.scope), ...keys.map((key) => nameOf(place, key))].map((name) => this.#get(name)));
    return { mark, values };
  }

  override async write(place: ScopePlace, key: string, value: Uint8Array, ttlMs: number): Promise<void> {
    const name = nameOf(place, key);
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    await this.#at(name).ask(async (client) => {
      try {
        await client.set(name, bytes, { expires: this.#expiry(ttlMs) });
      } catch (error) {
        // The server then forgets what it had under the name.
        if (!isTooLarge(error)) throw error;
      }
    });
  }

  override async remove(place: ScopePlace, key: string): Promise<void> {
    const name = nameOf(place, key);
    await this.#at(name).ask((client) => client.delete(name));
  }

  override mark(scope: string): Promise<Uint8Array | undefined> {
    return this.#get(epochName(scope));
  }

  override async epochOf(scope: string): Promise<ScopeEpoch | undefined> {
    const mark = await this.mark(scope);
    return mark === undefined ? undefined : { mark: new Uint8Array(mark), epoch: Buffer.from(mark).toString('utf8') };
  }

  /** Only where there is none: of two processes that begin at once, one wins. */
  override async begin(scope: string, epoch: string): Promise<void> {
    const name = epochName(scope);
    await this.#at(name).ask((client) => client.add(name, epoch, { expires: 0 }));
  }

  override async end(scope: string): Promise<void> {
    const name = epochName(scope);
    await this.#at(name).ask((client) => client.delete(name));
  }

  async #greet(connection: MemcachedConnection): Promise<void> {
    try {
      await connection.ask((client) => client.get(`${PREFIX}:hello`));
      this.#logger.log(`connected to memcached at ${connection.address}`);
    } catch (error) {
      this.#logger.warn({ err: error }, `memcached at ${connection.address} cannot be used at the start; it is tried again`);
    }
  }

  async #get(name: string): Promise<Uint8Array | undefined> {
    const { value } = await this.#at(name).ask((client) => client.get(name));
    return value ?? undefined;
  }

  #at(name: string): MemcachedConnection {
    const place = Number.parseInt(contentHash(name).slice(0, 8), 16) % this.#connections.length;
    const connection = this.#connections[place];
    if (connection === undefined) throw new RangeError('There is no memcached server.');
    return connection;
  }

  /**
   * Seconds from now; above 30 days memcached takes the number for a time since 1970. One more than asked for, because its seconds
   * begin when they like, and the value itself tells when it is over.
   */
  #expiry(ttlMs: number): number {
    const seconds = Math.ceil(ttlMs / 1000) + 1;
    return seconds <= LONGEST_RELATIVE_SECONDS ? seconds : Math.floor(this.#clock.now() / 1000) + seconds;
  }
}

function epochName(scope: string): string {
  return `${PREFIX}:${scope}:epoch`;
}

/** Hashed, because a name of memcached may have 250 characters and a key of ours alone has so many. */
function nameOf({ scope, epoch }: ScopePlace, key: string): string {
  return `${PREFIX}:${contentHash(scope, epoch, key)}`;
}
