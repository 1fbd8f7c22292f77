import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { seededRandom } from '../../src/cli/bench/grow/seeded-random.ts';
import { FaultyPipe, type Faults } from './faulty-pipe.ts';

/** Where the real server is, and what makes the proxy's choices repeatable. */
export interface ProxyTarget {
  readonly host?: string;
  readonly port: number;
  /** Slices and jitter are the same for the same seed and the same order of bytes. */
  readonly seed?: number;
}

/** How long bytes are on their way, in milliseconds. */
export interface Latency {
  readonly toServerMs: number;
  readonly toClientMs: number;
  /** Up to so much more, by chance; bytes never overtake each other. */
  readonly jitterMs?: number;
}

/**
 * A TCP proxy on the loopback that is put before a real server and disturbs its connections: latency, stall, slices, resets, a limit
 * of bytes, no new connections. Faults hold for open and new connections alike, from the moment they are set.
 */
export class TcpFaultProxy {
  readonly #target: Required<ProxyTarget>;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #faults: Faults;
  #refusing = false;
  #accepted = 0;

  private constructor(target: ProxyTarget) {
    this.#target = { host: '127.0.0.1', seed: 1, ...target };
    this.#faults = { delayMs: { toServer: 0, toClient: 0 }, jitterMs: 0, maxSlice: Infinity, limit: Infinity, stalled: undefined, random: seededRandom(this.#target.seed) };
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#join(client);
    });
  }

  static async start(target: ProxyTarget): Promise<TcpFaultProxy> {
    const proxy = new TcpFaultProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#clients.size;
  }

  /** Connections there have been. */
  get accepted(): number {
    return this.#accepted;
  }

  latency({ toServerMs, toClientMs, jitterMs = 0 }: Latency): void {
    this.#faults.delayMs = { toServer: toServerMs, toClient: toClientMs };
    this.#faults.jitterMs = jitterMs;
  }

  /** Holds all bytes back, in both directions; connections stay open and new ones are taken. */
  stall(): void {
    this.#faults.stalled ??= Promise.withResolvers<undefined>();
  }

  /** Lets go what `stall` held back. */
  resume(): void {
    this.#faults.stalled?.resolve(undefined);
    this.#faults.stalled = undefined;
  }

  /** Passes bytes on in pieces of 1 to `maxBytes`, each in a segment of its own. */
  slice(maxBytes: number): void {
    this.#faults.maxSlice = maxBytes;
  }

  /** Resets each connection once so many bytes have gone to its client since the connection began. */
  limitBytes(bytes: number): void {
    this.#faults.limit = bytes;
  }

  /** Resets all connections that are open; new ones are taken. */
  reset(): void {
    for (const client of this.#clients) client.resetAndDestroy();
  }

  /** Resets all connections and every new one, as if the server were gone. */
  cutOff(): void {
    this.#refusing = true;
    this.reset();
  }

  /** Ends every fault; connections that are open stay so. */
  heal(): void {
    this.#refusing = false;
    Object.assign(this.#faults, { delayMs: { toServer: 0, toClient: 0 }, jitterMs: 0, maxSlice: Infinity, limit: Infinity });
    this.resume();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.resume();
    this.#server.close();
    this.reset();
    await closed;
  }

  #join(client: Socket): void {
    client.on('error', () => undefined);
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    this.#accepted += 1;
    this.#clients.add(client);
    const server = connect({ host: this.#target.host, port: this.#target.port, allowHalfOpen: true });
    server.setNoDelay(true);
    client.setNoDelay(true);
    const end = (): void => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    client.once('close', () => {
      this.#clients.delete(client);
      if (!endedWell(client)) end();
    });
    // After a proper end there may be bytes that are still on their way to the client.
    server.once('close', () => {
      if (!endedWell(server)) end();
    });
    server.on('error', () => undefined);
    new FaultyPipe({ from: client, to: server, direction: 'toServer' }, this.#faults).start();
    new FaultyPipe({ from: server, to: client, direction: 'toClient' }, this.#faults).start();
  }
}

function endedWell(socket: Socket): boolean {
  return socket.readableEnded && socket.writableFinished;
}
