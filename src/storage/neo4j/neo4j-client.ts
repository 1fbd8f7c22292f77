import type * as Neo4j from 'neo4j-driver';
import type { BookmarkManager, Driver, Result, Session, SessionMode } from 'neo4j-driver';
import type { Clock } from '../../common/clock/clock.port.ts';
import { abortable } from '../../common/concurrency/abortable.ts';
import { type DriverPoolFigures, watchDriverPool } from './driver-pool.ts';
import { driverParameters } from './neo4j-parameters.ts';
import type { CypherParameters, Neo4jClientSettings, Neo4jServerInfo, Neo4jTransaction } from './neo4j.types.ts';

/** What a client tells whoever opened it. */
export interface ClientHooks {
  readonly clock: Clock;
  /** A statement is sent; repeated ones count again. */
  readonly onStatement: () => void;
  /** A connection did not come back after what ran on it was given up: the server, or the way to it, is gone in silence. */
  readonly onLost: () => void;
}

/** When a run ends early. */
export interface RunLimits {
  /** Ends it at once; the server is told. */
  readonly stop: AbortSignal;
  /** Milliseconds after which the server ends the transaction by itself, also when it hears no more from here. */
  readonly timeoutMs?: number | undefined;
}

type Query = (cypher: string, parameters: unknown) => Result;
type DriverModule = Pick<typeof Neo4j, 'driver' | 'auth' | 'int' | 'bookmarkManager'>;

/** How long a server may take to end what was given up. */
const LOST_MS = 5000;

/** One driver of Neo4j. Makes each call once; errors are the driver's own. */
export class Neo4jClient {
  /** What the driver's pool holds and has done. */
  readonly poolFigures: () => DriverPoolFigures;
  readonly #neo4j: DriverModule;
  readonly #driver: Driver;
  readonly #database: string;
  /** In a cluster a call waits until the server it is sent to has what this process wrote before. */
  readonly #bookmarks: { readonly bookmarkManager?: BookmarkManager };
  readonly #hooks: ClientHooks;

  private constructor(neo4j: DriverModule, settings: Neo4jClientSettings, hooks: ClientHooks) {
    this.#neo4j = neo4j;
    this.#hooks = hooks;
    this.#database = settings.database;
    this.#bookmarks = settings.uri.startsWith('neo4j') ? { bookmarkManager: neo4j.bookmarkManager() } : {};
    this.#driver = neo4j.driver(settings.uri, neo4j.auth.basic(settings.username, settings.password), {
      maxConnectionPoolSize: settings.maxPoolSize,
      maxConnectionLifetime: settings.maxConnectionLifetimeMs,
      connectionTimeout: settings.connectionTimeoutMs,
      connectionAcquisitionTimeout: settings.acquisitionTimeoutMs,
      connectionLivenessCheckTimeout: settings.livenessCheckTimeoutMs,
      fetchSize: settings.fetchSize,
      disableLosslessIntegers: true,
      telemetryDisabled: true,
      userAgent: 'graphrag-chat',
    });
    this.poolFigures = watchDriverPool(this.#driver, hooks.clock);
  }

  /** Makes a driver; it connects with its first call. The package is loaded only here, for who uses Neo4j. */
  static async open(settings: Neo4jClientSettings, hooks: ClientHooks): Promise<Neo4jClient> {
    const { default: neo4j } = await import('neo4j-driver');
    return new Neo4jClient(neo4j, settings, hooks);
  }

  /** Connects and asks the server what it is. */
  async serverInfo(stop: AbortSignal): Promise<Neo4jServerInfo> {
    const { agent, address } = await abortable(this.#driver.getServerInfo({ database: this.#database }), stop);
    return { agent: agent ?? '', address: address ?? '' };
  }

  /** Runs one statement in a transaction of its own. */
  async run<Row>(mode: SessionMode, statement: { readonly cypher: string; readonly parameters?: CypherParameters | undefined }, limits: RunLimits): Promise<Row[]> {
    const { cypher, parameters } = statement;
    return await this.#inSession(mode, limits.stop, (session) => this.#rows<Row>((...query) => session.run(...query, atServer(limits)), cypher, parameters));
  }

  /** Runs the work in one transaction: it is committed when the work ends well, else rolled back. */
  async transact<T>(work: (transaction: Neo4jTransaction) => Promise<T>, limits: RunLimits & { readonly onCommit?: () => void }): Promise<T> {
    return await this.#inSession('WRITE', limits.stop, async (session) => {
      // Not awaited: BEGIN goes out together with the first statement.
      const transaction = session.beginTransaction(atServer(limits));
      const run = <Row>(cypher: string, parameters?: CypherParameters): Promise<Row[]> => this.#rows<Row>((...query) => transaction.run(...query), cypher, parameters);
      try {
        const result = await work({ run });
        limits.stop.throwIfAborted();
        limits.onCommit?.();
        await transaction.commit();
        return result;
      } catch (error) {
        // What made the work fail is what is told, not what came of rolling back.
        if (transaction.isOpen()) await transaction.rollback().catch(() => undefined);
        throw error;
      }
    });
  }

  /** Ends every connection. A call under way is neither resolved nor rejected by that. */
  async close(): Promise<void> {
    await this.#driver.close();
  }

  async #rows<Row>(run: Query, cypher: string, parameters: CypherParameters = {}): Promise<Row[]> {
    this.#hooks.onStatement();
    const parametersOfDriver = driverParameters(parameters, (value) => this.#neo4j.int(value));
    const { records } = await withoutStack(() => run(cypher, parametersOfDriver));
    return records.map((record) => record.toObject() as Row);
  }

  async #inSession<T>(mode: SessionMode, stop: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    stop.throwIfAborted();
    const session = this.#driver.session({ database: this.#database, defaultAccessMode: mode, ...this.#bookmarks });
    try {
      return await abortable(work(session), stop);
    } finally {
      if (stop.aborted) await this.#giveUp(session);
      else await session.close();
    }
  }

  /** Closing a session makes the server end what runs in it, if it still hears. */
  async #giveUp(session: Session): Promise<void> {
    const back = new AbortController();
    const late = this.#hooks.clock.sleep(LOST_MS, back.signal).then(this.#hooks.onLost, () => undefined);
    await Promise.race([session.close().catch(() => undefined), late]);
    back.abort();
  }
}

/** For the stack of its errors the driver takes one with each statement; ours are made where a call fails, and have their own. */
function withoutStack<T>(run: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function atServer({ timeoutMs }: RunLimits): { timeout?: number } {
  return timeoutMs === undefined ? {} : { timeout: timeoutMs };
}
