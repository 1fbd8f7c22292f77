import { resolve } from 'node:path';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AdminService } from './auth/admin.service.ts';
import { TokenService } from './auth/token.service.ts';
import { Clock } from './common/clock/clock.port.ts';
import { ShutdownService } from './common/lifecycle/shutdown.service.ts';
import type { Settings } from './config/load-settings.ts';

const RETRY_MS = 5000;
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Prints where the page and the data are. While the store of the keys is away it waits for it, for the service itself is up. */
export async function announce(app: NestFastifyApplication, settings: Settings): Promise<void> {
  const [clock, { signal }] = [app.get(Clock, { strict: false }), app.get(ShutdownService, { strict: false })];
  const logger = new Logger('Announcement');
  let told = false;
  while (!signal.aborted) {
    try {
      process.stdout.write(`\n${(await linesFor(app, settings)).join('\n')}\n\n`);
      return;
    } catch (error) {
      if (!told) logger.warn({ err: error }, 'the store is away; the address to sign in at follows when it is back');
      told = true;
      await clock.sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }
}

async function linesFor(app: NestFastifyApplication, { auth, server }: Settings): Promise<string[]> {
  const address = pageAddress(await app.getUrl(), server.host);
  const data = `Its data is in ${resolve(server.dataDir)}`;
  if (auth.mode === 'none') return [`graphrag-chat is open to everybody on this machine: ${address}/`, data];
  const madeKey = await app.get(AdminService, { strict: false }).ensure();
  const token = await app.get(TokenService, { strict: false }).createOneTime();
  const key = madeKey === undefined ? [] : [`The admin key, shown this once (graphrag-chat auth reset makes another): ${madeKey}`];
  return [`graphrag-chat is up. This address signs you in, once: ${address}/?token=${token}`, ...key, data];
}

function pageAddress(url: string, host: string): string {
  const { port, protocol, hostname } = new URL(url);
  return `${protocol}//${ANY_ADDRESS.has(host) ? '127.0.0.1' : hostname}${port === '' ? '' : `:${port}`}`;
}
