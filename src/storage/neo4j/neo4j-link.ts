import type { Clock } from '../../common/clock/clock.port.ts';
import type { IdSource } from '../../common/clock/id-source.port.ts';
import { abortable } from '../../common/concurrency/abortable.ts';
import { InFlight } from '../../common/lifecycle/in-flight.ts';
import type { PoolFigures } from '../../common/pools/pool.types.ts';
import { PoolWatch } from '../../common/pools/pool-watch.ts';
import { retry } from '../../common/retry/retry.ts';
import type { StorageError } from '../storage.errors.ts';
import { type CallOptions, Neo4jCalls } from './neo4j-calls.ts';
import { type ClientHooks, Neo4jClient, type RunLimits } from './neo4j-client.ts';
import { mayBeRepeated, neo4jFailure, notAnswered, ofUnknownOutcome } from './neo4j-failure.ts';
import { Neo4jSchema } from './neo4j-schema.ts';
import type { CypherParameters, Neo4jClientSettings, Neo4jServerInfo, Neo4jTransaction } from './neo4j.types.ts';
import { checkServerVersion } from './server-version.ts';

/** What a link works with. */
export interface LinkParts {
  readonly settings: Neo4jClientSettings;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Constraints and indexes that everything else counts on; statements that may be run again without harm. */
  readonly schema: readonly string[];
  readonly onConnected?: (server: Neo4jServerInfo) => void;
  readonly warn?: (message: string) => void;
  /** Resolves when the server answers, rejects soon when it does not; over a way of its own. */
  readonly probe: () => Promise<void>;
}

type Work<T> = (client: Neo4jClient, limits: RunLimits) => Promise<T>;

/** One driver for as long as it is any good, and what is known of its server. */
interface Generation {
  readonly client: Promise<Neo4jClient>;
  readonly users: InFlight;
  verified?: Promise<Neo4jServerInfo>;
}

interface Limits extends CallOptions {
  /** Attempts in all. */
  readonly attempts: number;
}

/** The driver's own managed transactions wait a second before their first repetition; a deadlock is over sooner. */
const BACKOFF = { baseMs: 50, capMs: 1000, isRetryable: mayBeRepeated };
/** A look-up that has no answer by then is given up: somebody waits for it. */
const READ: Limits = { attempts: 3, deadlineMs: 30_000 };
/** The server gives a transaction up by then too, so that one whose process has gone holds no locks. */
const WRITE_MS = 120_000;
const WRITE: Limits = { attempts: 6, deadlineMs: WRITE_MS };
/** When calls are under way and none has ended for so long, the next one asks first whether the server answers at all. */
const DOUBTFUL_MS = 1000;
/** For what comes before the first call: asking the server what it is, and its schema. */
const CHECK_MS = 60_000;
/** For making an index over what is already there. */
const SCHEMA: Limits = { attempts: 6, deadlineMs: 600_000 };

/**
 * The way to one Neo4j: opens its driver, checks the server and brings its schema up to date before the first call, bounds, counts and
 * repeats the calls, and begins with a new driver when connections are lost in silence. Errors are those of `Neo4jConnection`.
 */
export class Neo4jLink {
  readonly #parts: LinkParts;
  readonly #calls: Neo4jCalls;
  readonly #schema = new Neo4jSchema();
  #generation: Generation;
  #statements = 0;
  #away = false;
  #retired = { acquisitions: 0, acquisitionMs: 0, created: 0, closed: 0 };

  constructor(parts: LinkParts) {
    this.#parts = parts;
    const { clock, settings, warn = (): void => undefined } = parts;
    this.#calls = new Neo4jCalls({ places: settings.maxPoolSize, waitMs: settings.acquisitionTimeoutMs, clock, watch: new PoolWatch(clock, warn) });
    this.#generation = this.#begin();
  }

  /** Statements sent since the start, repeated ones included. */
  get statements(): number {
    return this.#statements;
  }

  /** Calls under way. */
  get calls(): number {
    return this.#calls.count;
  }

  /** Resolves with what the server is once it can be used. */
  async verify(deadlineMs: number): Promise<Neo4jServerInfo> {
    return await this.#calls.run(() => this.#verified(this.#generation), { deadlineMs });
  }

  /** What a probe found. When the server is away, whoever waits in line is told, and new calls ask first whether it is back. */
  found(fault: StorageError | undefined): void {
    this.#away = fault?.code === 'store-unavailable';
    if (this.#away && fault !== undefined) this.#calls.refuseWaiting(fault);
  }

  /** Resolves once the server can be used; waits for no place among the calls. */
  async check(): Promise<void> {
    await this.#verified(this.#generation);
  }

  async read<Row>(cypher: string, parameters: CypherParameters | undefined, signal: AbortSignal | undefined): Promise<Row[]> {
    return await this.#call((client, limits) => client.run<Row>('READ', { cypher, parameters }, limits), { ...READ, signal });
  }

  async write<T>(work: (transaction: Neo4jTransaction) => Promise<T>, deadlineMs = WRITE_MS): Promise<T> {
    return await this.#call(async (client, limits) => {
      const at = { commit: false };
      const onCommit = (): void => {
        at.commit = true;
      };
      try {
        return await client.transact(work, { ...limits, onCommit });
      } catch (error) {
        throw at.commit ? ofUnknownOutcome(this.#translated(error)) : error;
      }
    }, { ...WRITE, deadlineMs });
  }

  async autocommit<Row>(cypher: string, parameters: CypherParameters | undefined): Promise<Row[]> {
    return await this.#call((client, limits) => client.run<Row>('WRITE', { cypher, parameters }, limits), { ...SCHEMA, attempts: 1 });
  }

  async schema(statements: readonly string[]): Promise<void> {
    await this.#call((client, limits) => this.#schema.apply(client, statements, limits.stop), SCHEMA);
  }

  async poolFigures(): Promise<PoolFigures> {
    const { settings } = this.#parts;
    const client = await this.#generation.client;
    const now = client.poolFigures();
    return {
      pool: 'neo4j',
      size: settings.maxPoolSize,
      active: now.active,
      idle: now.idle,
      waiting: now.waiting + this.#calls.waiting,
      acquisitions: now.acquisitions + this.#retired.acquisitions,
      acquisitionMs: now.acquisitionMs + this.#retired.acquisitionMs + this.#calls.waitedMs,
      created: now.created + this.#retired.created,
      closed: now.closed + this.#retired.closed,
    };
  }

  /** Resolves when no call is under way. */
  drained(): Promise<void> {
    return this.#calls.drained();
  }

  /** Rejects what is still under way with the reason, and ends every connection. */
  async close(reason: Error): Promise<void> {
    // The driver would never settle them.
    this.#calls.cut(reason);
    await (await this.#generation.client).close();
  }

  async #call<T>(work: Work<T>, { attempts, ...options }: Limits): Promise<T> {
    options.signal?.throwIfAborted();
    const { clock, ids, probe } = this.#parts;
    // Calls that a silent server piles up would all be waited for when it is back.
    if (this.#away || this.#calls.silentMs > DOUBTFUL_MS) await abortable(probe(), options.signal);
    const policy = { ...BACKOFF, attempts };
    return await this.#calls.run((stop) => retry(() => this.#once(work, { stop, timeoutMs: options.deadlineMs }), policy, { clock, ids, signal: stop }), options);
  }

  async #once<T>(work: Work<T>, limits: RunLimits): Promise<T> {
    const generation = this.#generation;
    await abortable(this.#verified(generation), limits.stop);
    try {
      const client = await generation.client;
      return await generation.users.run(() => work(client, limits));
    } catch (error) {
      limits.stop.throwIfAborted();
      throw this.#translated(error);
    }
  }

  #translated(error: unknown): unknown {
    return neo4jFailure(error, this.#parts.settings.maxPoolSize);
  }

  #verified(generation: Generation): Promise<Neo4jServerInfo> {
    generation.verified ??= this.#check(generation).catch((error: unknown) => {
      delete generation.verified;
      throw this.#translated(error);
    });
    return generation.verified;
  }

  async #check(generation: Generation): Promise<Neo4jServerInfo> {
    const { settings, schema, onConnected, clock } = this.#parts;
    const client = await generation.client;
    // Whoever waits for it goes alone; a server that takes a connection and then says nothing must not hold up everybody for ever.
    const late = new AbortController();
    const inTime = new AbortController();
    clock.sleep(CHECK_MS, inTime.signal).then(() => {
      late.abort(notAnswered());
      if (this.#generation === generation) this.#renew();
    }, () => undefined);
    try {
      const server = await client.serverInfo(late.signal);
      checkServerVersion(server.agent);
      await client.run('READ', { cypher: 'RETURN 1 AS one' }, { stop: late.signal, timeoutMs: settings.acquisitionTimeoutMs });
      await this.#schema.apply(client, schema, late.signal);
      onConnected?.(server);
      return server;
    } finally {
      inTime.abort();
    }
  }

  #begin(): Generation {
    const { settings, clock } = this.#parts;
    const users = new InFlight();
    const hooks: ClientHooks = {
      clock,
      onStatement: () => {
        this.#statements += 1;
      },
      onLost: () => {
        if (this.#generation.users === users) this.#renew();
      },
    };
    // One connection more than calls: whoever holds the lock of the schema runs its statements beside it.
    return { client: Neo4jClient.open({ ...settings, maxPoolSize: settings.maxPoolSize + 1 }, hooks), users };
  }

  /** New calls get a new driver. The old one closes when what it still does has ended; the lost connections end with it. */
  #renew(): void {
    const old = this.#generation;
    this.#generation = this.#begin();
    this.#parts.warn?.('connections to Neo4j do not answer; new ones are opened');
    void this.#retire(old);
  }

  async #retire({ client, users }: Generation): Promise<void> {
    const retired = await client;
    const { acquisitions, acquisitionMs, created, closed, active, idle } = retired.poolFigures();
    const before = this.#retired;
    this.#retired = {
      acquisitions: before.acquisitions + acquisitions,
      acquisitionMs: before.acquisitionMs + acquisitionMs,
      created: before.created + created,
      closed: before.closed + closed + active + idle,
    };
    await users.drained();
    await retired.close().catch(() => undefined);
  }
}
