import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Dispatcher } from 'undici';
import type { Overrides } from '../applications.ts';
import { ObservedProcess } from './observed-process.ts';

/** Settings under which nothing asks a model server, whatever the environment says: an empty value counts as not set. */
export const WITHOUT_MODELS: Overrides = {
  OPENAI_API_KEY: '',
  OPENAI_BASE_URL: '',
  CHAT_MODEL: '',
  EXTRACTION_MODEL: '',
  EMBEDDING_MODEL: '',
  RESOLUTION_MODEL: '',
};

const START_MS = 60_000;
const POLL_MS = 100;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The service in a process of its own on a data folder, as `serve` runs it. */
export class MeasuredServer {
  readonly process: ObservedProcess;
  readonly #origin: string;
  readonly #key: string;

  private constructor(process: ObservedProcess, origin: string, key: string) {
    this.process = process;
    this.#origin = origin;
    this.#key = key;
  }

  /** Resolves when it says that it is ready; rejects when it does not within a minute. */
  static async start(dataDir: string, signal: AbortSignal): Promise<MeasuredServer> {
    const [port, key] = [await freePort(), randomBytes(24).toString('hex')];
    const settings = { DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: String(port), ADMIN_API_KEY: key, THROTTLE_LIMIT: '1000000', LOG_LEVEL: 'error' };
    const child = new ObservedProcess([fileURLToPath(new URL('../../main.js', import.meta.url))], { ...process.env, ...WITHOUT_MODELS, ...settings });
    const server = new MeasuredServer(child, `http://127.0.0.1:${String(port)}`, key);
    try {
      await server.#ready(signal);
    } catch (error) {
      await child.stop();
      throw error;
    }
    return server;
  }

  /** One question; rejects unless it is answered with 200 and an answer. */
  async chat(dispatcher: Dispatcher, body: { readonly workspace: string; readonly message: string }): Promise<void> {
    const { request } = await import('undici');
    const response = await request(`${this.#origin}/chat`, {
      method: 'POST',
      dispatcher,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.body.json()) as { readonly answer?: string };
    if (response.statusCode !== 200 || typeof answer.answer !== 'string') throw new Error(`answered ${String(response.statusCode)}`);
  }

  async #ready(signal: AbortSignal): Promise<void> {
    const { request } = await import('undici');
    const end = performance.now() + START_MS;
    while (performance.now() < end && this.process.running) {
      const response = await request(`${this.#origin}/health/ready`, { signal }).catch(() => undefined);
      await response?.body.dump();
      if (response?.statusCode === 200) return;
      await delay(POLL_MS, undefined, { signal });
    }
    throw new Error('The server did not become ready; see its log above.');
  }
}
