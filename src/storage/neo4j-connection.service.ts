import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import { ShutdownService } from '../common/lifecycle/shutdown.service.ts';
import type { PoolFigures } from '../common/pools/pool.types.ts';
import { STORE_CONFIG, type StoreConfig } from '../config/store.config.ts';
import { Neo4jLink } from './neo4j/neo4j-link.ts';
import { Neo4jProbe } from './neo4j/neo4j-probe.ts';
import type { CypherParameters, Neo4jClientSettings, Neo4jServerInfo, Neo4jTransaction } from './neo4j/neo4j.types.ts';
import { StorageError } from './storage.errors.ts';
import { schemaStatements } from './neo4j/schema-files.ts';

/** How long the start waits for the server. */
const START_MS = 3000;
/** How long calls under way are waited for at a stop, after the requests that made them have ended. */
const DRAIN_MS = 5000;

/**
 * The connection to Neo4j: one driver with its pool, opened with STORE=neo4j alone. A server that is away does not stop the start;
 * every call tries it again. When it is first reached, its version is checked, and the constraints and indexes of config/cypher are
 * made.
 *
 * Calls reject with StorageError: `store-unavailable`, `store-busy`, `store-pool-exhausted` (retryable), `store-credentials-invalid`,
 * `store-database-not-found`, `store-version-unsupported`, `store-constraint-violated`. A fault of ours, such as a statement that
 * cannot be parsed, is the driver's own error.
 */
@Injectable()
export class Neo4jConnection implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(Neo4jConnection.name);
  #open: { readonly link: Neo4jLink; readonly probe: Neo4jProbe } | undefined;
  #closed = false;

  constructor(
    @Inject(STORE_CONFIG) private readonly config: Pick<StoreConfig, 'kind' | 'neo4j'>,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {}

  /** Connects if STORE is neo4j. Nothing that is wrong with the server stops the start; readiness tells it. */
  async onModuleInit(): Promise<void> {
    if (this.config.kind !== 'neo4j') return;
    try {
      await this.#opened().link.verify(START_MS);
    } catch (error) {
      this.#logger.error({ err: error }, 'Neo4j cannot be used; it is tried again with every call');
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.#closed = true;
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const { link, probe } = open;
    const enough = new AbortController();
    await Promise.race([link.drained(), this.clock.sleep(DRAIN_MS, enough.signal).catch(() => undefined)]);
    enough.abort();
    if (link.calls > 0) this.#logger.warn(`stopping: ${String(link.calls)} calls to Neo4j are cut off`);
    await Promise.all([link.close(ShutdownService.refusal()), probe.close()]);
  }

  /** Statements sent since the start, repeated ones included. */
  statements(): number {
    return this.#open?.link.statements ?? 0;
  }

  /** What the pool holds and has done; nothing when Neo4j is not used. */
  async poolFigures(): Promise<PoolFigures | undefined> {
    return await this.#open?.link.poolFigures();
  }

  /** What the server is, if it can be used; nothing is changed in it. For whoever looks into a configuration. @throws StorageError */
  async inspect(): Promise<Neo4jServerInfo> {
    return await this.#opened().probe.inspect();
  }

  /** Resolves if Neo4j can be used: answers within 1.5 s and takes writes, however many calls wait for the pool. For health. @throws StorageError */
  async ping(): Promise<void> {
    const { link, probe } = this.#opened();
    try {
      await probe.run(() => link.check());
      link.found(undefined);
    } catch (error) {
      if (error instanceof StorageError) link.found(error);
      throw error;
    }
  }

  /**
   * Runs one statement that writes nothing; its rows as plain objects by the names after RETURN, integers as numbers. Repeated when
   * the connection broke or the server asks for it; given up after 30 s.
   * @throws the signal's reason as soon as it is aborted; the server is told to stop
   */
  async read<Row = Record<string, unknown>>(cypher: string, parameters?: CypherParameters, signal?: AbortSignal): Promise<Row[]> {
    return await this.#opened().link.read<Row>(cypher, parameters, signal);
  }

  /**
   * Runs the work in one transaction, which is committed when the work's promise resolves and rolled back when it rejects; given up
   * after two minutes, or `deadlineMs`. What failed for a passing reason is done again from the start, so the work must do nothing but run its
   * statements. It is not done again when the connection broke while committing: then nobody knows what was written, and
   * `store-unavailable` is thrown with `details.outcome` `unknown`.
   */
  async write<T>(work: (transaction: Neo4jTransaction) => Promise<T>, deadlineMs?: number): Promise<T> {
    return await this.#opened().link.write(work, deadlineMs);
  }

  /** Runs a statement that must have a transaction of its own. Not repeated; given up after ten minutes. */
  async autocommit<Row = Record<string, unknown>>(cypher: string, parameters?: CypherParameters): Promise<Row[]> {
    return await this.#opened().link.autocommit<Row>(cypher, parameters);
  }

  /**
   * Runs statements that make or drop constraints and indexes, in order, while no other process does the like: at the same time they
   * would fail or deadlock in spite of their IF NOT EXISTS, which each must have (or IF EXISTS), because they may be run again.
   */
  async schema(statements: readonly string[]): Promise<void> {
    await this.#opened().link.schema(statements);
  }

  #opened(): { readonly link: Neo4jLink; readonly probe: Neo4jProbe } {
    if (this.#closed) throw ShutdownService.refusal();
    this.#open ??= this.#make();
    return this.#open;
  }

  #make(): { readonly link: Neo4jLink; readonly probe: Neo4jProbe } {
    const settings = this.#settings();
    const { password: _, ...shown } = settings;
    const link = new Neo4jLink({
      settings,
      clock: this.clock,
      ids: this.ids,
      schema: schemaStatements(),
      onConnected: ({ agent, address }) => {
        this.#logger.log(shown, `connected to ${agent} at ${address}`);
      },
      warn: (message) => {
        this.#logger.warn(message);
      },
      probe: () => this.ping(),
    });
    return { link, probe: new Neo4jProbe(settings, this.clock) };
  }

  #settings(): Neo4jClientSettings {
    const { uri, password } = this.config.neo4j;
    if (this.config.kind !== 'neo4j' || uri === undefined || password === undefined) throw new Error('Neo4j is used, but not configured');
    return { ...this.config.neo4j, uri, password };
  }
}
