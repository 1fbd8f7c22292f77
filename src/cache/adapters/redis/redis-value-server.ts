import type { IdSource } from '../../../common/clock/id-source.port.ts';
import { type MarkedValues, type ScopeEpoch, type ScopePlace, ValueServer } from '../value-server.port.ts';
import { RedisConnection } from './redis-connection.ts';
import { RedisSmallTexts } from './redis-small-texts.ts';

const PREFIX = 'graphrag';
/** A longer value would hold up what comes behind it on the connection. */
const MAX_VALUE_BYTES = 1_000_000;

/** Redis: values as raw bytes through the client itself, epochs as small texts through cache-manager. */
export class RedisValueServer extends ValueServer {
  override readonly tier = 'redis';
  override readonly maxValueBytes = MAX_VALUE_BYTES;
  readonly #connection: RedisConnection;
  readonly #texts: RedisSmallTexts;

  constructor(url: string, ids: IdSource) {
    super();
    this.#connection = new RedisConnection(url, ids);
    this.#texts = new RedisSmallTexts(this.#connection.client);
  }

  override open(): Promise<void> {
    return this.#connection.open();
  }

  override close(): Promise<void> {
    return this.#connection.close();
  }

  /** Redis answers the whole of an MGET at one moment. */
  override async read(place: ScopePlace, keys: readonly string[]): Promise<MarkedValues> {
    const names = [epochName(place.scope), ...keys.map((key) => nameOf(place, key))];
    const [mark, ...values] = await this.#connection.ask((client) => client.mgetBuffer(names));
    return { mark: mark ?? undefined, values: values.map((value) => value ?? undefined) };
  }

  override async write(place: ScopePlace, key: string, value: Uint8Array, ttlMs: number): Promise<void> {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    await this.#connection.ask((client) => client.set(nameOf(place, key), bytes, 'PX', Math.ceil(ttlMs)));
  }

  override async remove(place: ScopePlace, key: string): Promise<void> {
    await this.#connection.ask((client) => client.del(nameOf(place, key)));
  }

  override async mark(scope: string): Promise<Uint8Array | undefined> {
    return (await this.#connection.ask((client) => client.getBuffer(epochName(scope)))) ?? undefined;
  }

  /** Both are sent at once; a failure shows in the first, since cache-manager does not tell of it. */
  override async epochOf(scope: string): Promise<ScopeEpoch | undefined> {
    const name = epochName(scope);
    const [mark, epoch] = await this.#connection.ask((client) => Promise.all([client.getBuffer(name), this.#texts.get(name)]));
    return mark === null || epoch === undefined ? undefined : { mark, epoch };
  }

  override async begin(scope: string, epoch: string): Promise<void> {
    await this.#connection.ask(() => this.#texts.set(epochName(scope), epoch));
  }

  override async end(scope: string): Promise<void> {
    await this.#connection.ask(() => this.#texts.delete(epochName(scope)));
  }
}

/** In braces stands what decides the slot in a cluster, so that all of a scope lies together. */
function epochName(scope: string): string {
  return `${PREFIX}:{${scope}}:epoch`;
}

function nameOf({ scope, epoch }: ScopePlace, key: string): string {
  return `${PREFIX}:{${scope}}:${epoch}:${key}`;
}
