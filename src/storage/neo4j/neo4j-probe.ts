import type { Clock } from '../../common/clock/clock.port.ts';
import { abortable } from '../../common/concurrency/abortable.ts';
import { SharedFlight } from '../../common/concurrency/shared-flight.ts';
import { Neo4jClient } from './neo4j-client.ts';
import { neo4jFailure, notAnswered } from './neo4j-failure.ts';
import type { Neo4jClientSettings, Neo4jServerInfo } from './neo4j.types.ts';
import { checkServerVersion } from './server-version.ts';

/** Below the two seconds within which readiness must tell the truth. */
const PROBE_MS = 1500;
const INSPECT_MS = 4000;

/** Only asked for its thrown value: nothing is to stay of a probe. */
const ROLL_BACK = new Error('rolled back');

/**
 * Asks Neo4j whether it answers and takes writes, over one connection of its own: calls that wait for a place in the pool must not
 * look like a server that is away, nor a connection that has died in silence. After a failure the next probe begins with a new one.
 */
export class Neo4jProbe {
  readonly #settings: Neo4jClientSettings;
  readonly #clock: Clock;
  readonly #flight = new SharedFlight<undefined>();
  #client: Promise<Neo4jClient> | undefined;

  constructor(settings: Neo4jClientSettings, clock: Clock) {
    this.#settings = { ...settings, maxPoolSize: 1, connectionTimeoutMs: PROBE_MS, acquisitionTimeoutMs: PROBE_MS };
    this.#clock = clock;
  }

  /**
   * Resolves within 1.5 s if Neo4j answers and takes writes, and `also` resolves. Who asks at the same time shares the answer.
   * @throws StorageError
   */
  async run(also: () => Promise<unknown>): Promise<void> {
    await this.#flight.run('probe', async () => {
      await this.#inTime(PROBE_MS, async (stop) => {
        await this.#write(await this.#opened(), stop);
        await also();
      });
      return undefined;
    });
  }

  /** What the server is, if it can be used; changes nothing. @throws StorageError */
  async inspect(): Promise<Neo4jServerInfo> {
    return await this.#inTime(INSPECT_MS, async (stop) => {
      const client = await this.#opened();
      const server = await client.serverInfo(stop);
      checkServerVersion(server.agent);
      await this.#write(client, stop);
      return server;
    });
  }

  async close(): Promise<void> {
    await this.#drop();
  }

  async #inTime<T>(ms: number, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const ended = new AbortController();
    const late = (): void => {
      stop.abort(notAnswered());
    };
    this.#clock.sleep(ms, ended.signal).then(late, () => undefined);
    try {
      // Who waits is told at once; what is given up may take a while to end.
      return await abortable(work(stop.signal), stop.signal);
    } catch (error) {
      // Closing waits for a server that may never answer.
      this.#drop().catch(() => undefined);
      throw neo4jFailure(error, 1);
    } finally {
      ended.abort();
    }
  }

  async #write(client: Neo4jClient, stop: AbortSignal): Promise<void> {
    const trial = client.transact(
      async (transaction) => {
        await transaction.run('CREATE (probe:Probe) RETURN 1 AS one');
        throw ROLL_BACK;
      },
      { stop, timeoutMs: INSPECT_MS },
    );
    await trial.catch((error: unknown) => {
      if (error !== ROLL_BACK) throw error;
    });
  }

  #opened(): Promise<Neo4jClient> {
    const hooks = { clock: this.#clock, onStatement: () => undefined, onLost: () => undefined };
    this.#client ??= Neo4jClient.open(this.#settings, hooks);
    return this.#client;
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await (await client)?.close();
  }
}
