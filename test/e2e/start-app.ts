import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request, { type Test } from 'supertest';
import { KeyService } from '../../src/auth/key.service.ts';
import { createApp } from '../../src/bootstrap.ts';
import type { Role } from '../../src/common/http/principal.types.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { WorkspaceStore } from '../../src/graph/workspace-store.port.ts';

export const ADMIN_KEY = 'admin-key-of-the-tests';

type Method = 'get' | 'post' | 'put' | 'delete';

/** The whole service in this process, on a data folder of its own, listening on a free port. */
export interface RunningApp {
  readonly app: NestFastifyApplication;
  readonly dataDir: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** A request as the instance admin, or with another key; with `null` without any. */
  call(method: Method, path: string, key?: string | null): Test;
  /** A key with a role in a workspace, which is made when there is none of that name. */
  keyFor(slug: string, role: Role): Promise<string>;
  close(): Promise<void>;
}

/** @param env settings over the tests' own: silent, closed with ADMIN_KEY, practically without a throttle */
export async function startApp(env: Record<string, string> = {}): Promise<RunningApp> {
  const dataDir = env['DATA_DIR'] ?? (await mkdtemp(join(tmpdir(), 'graphrag-chat-e2e-')));
  const defaults = { LOG_LEVEL: 'silent', ADMIN_API_KEY: ADMIN_KEY, THROTTLE_LIMIT: '1000000', SHUTDOWN_TIMEOUT: '5s' };
  const app = await createApp(loadSettings({ ...defaults, ...env, DATA_DIR: dataDir }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const server = app.getHttpServer();
  return {
    app,
    dataDir,
    url: await app.getUrl(),
    call: (method, path, key = ADMIN_KEY) => {
      const test = request(server)[method](path);
      return key === null ? test : test.set('authorization', `Bearer ${key}`);
    },
    keyFor: (slug, role) => keyFor(app, slug, role),
    close: async () => {
      await app.close();
      if (env['DATA_DIR'] === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function keyFor(app: NestFastifyApplication, slug: string, role: Role): Promise<string> {
  const workspaces = app.get(WorkspaceStore, { strict: false });
  const workspace = (await workspaces.find(slug)) ?? (await workspaces.create(slug));
  return (await app.get(KeyService, { strict: false }).create(workspace.uid, role)).key;
}
