import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const HANDSHAKE_BYTES = 20;
/** Bolt 5.4, which every Neo4j since 5.13 speaks. */
const BOLT_5_4 = Buffer.from([0, 0, 4, 5]);
const SUCCESS = 0x70;

/**
 * Speaks as much Bolt as it takes to say what a server is: every message is answered with success and the name of the server. For
 * servers that cannot be had, such as one that is too old.
 */
export class FakeBoltServer {
  readonly #agent: string;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(agent: string) {
    this.#agent = agent;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      this.#talk(socket).catch(() => {
        socket.destroy();
      });
    });
  }

  /** @param agent what the server calls itself, such as `Neo4j/5.20.0` */
  static async start(agent: string): Promise<FakeBoltServer> {
    const fake = new FakeBoltServer(agent);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get uri(): string {
    return `bolt://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #talk(socket: Socket): Promise<void> {
    let received = Buffer.alloc(0);
    let shaken = false;
    for await (const part of socket) {
      received = Buffer.concat([received, part as Buffer]);
      if (!shaken && received.length >= HANDSHAKE_BYTES) {
        socket.write(BOLT_5_4);
        received = received.subarray(HANDSHAKE_BYTES);
        shaken = true;
      }
      for (let end = shaken ? endOfMessage(received) : -1; end !== -1; end = endOfMessage(received)) {
        received = received.subarray(end);
        socket.write(success({ server: this.#agent, connection_id: 'bolt-1' }));
      }
    }
  }
}

/** Where the first whole message ends: chunks with their lengths before them, the last of length 0. */
function endOfMessage(bytes: Buffer): number {
  let at = 0;
  let hasChunk = false;
  while (at + 2 <= bytes.length) {
    const length = bytes.readUInt16BE(at);
    at += 2 + length;
    if (length === 0 && hasChunk) return at;
    hasChunk ||= length > 0;
  }
  return -1;
}

/** One message of one chunk, in PackStream: a structure with a map of short texts. */
function success(fields: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(fields);
  const texts = entries.flatMap(([key, value]) => [packed(key), packed(value)]);
  const body = Buffer.concat([Buffer.from([0xb1, SUCCESS, 0xa0 + entries.length]), ...texts]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  return Buffer.concat([length, body, Buffer.alloc(2)]);
}

function packed(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0xd0, bytes.length]), bytes]);
}
