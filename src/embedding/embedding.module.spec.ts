import { Test, type TestingModule } from '@nestjs/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeOpenAiServer } from '../../test/fakes/fake-openai-server.ts';
import { callContext } from '../../test/fixtures/gateway-stack.ts';
import { ConfigModule } from '../config/config.module.ts';
import { loadSettings } from '../config/load-settings.ts';
import { EmbeddingConnection } from './embedding-connection.service.ts';
import { EmbeddingModule } from './embedding.module.ts';
import { EmbeddingService } from './embedding.service.ts';

describe('EmbeddingModule', () => {
  const folder = mkdtempSync(join(tmpdir(), 'embedding-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  async function open(settings: Readonly<Record<string, string>>): Promise<TestingModule> {
    const env = { DATA_DIR: folder, CACHE_TIERS: 'memory', ...settings };
    const module = await Test.createTestingModule({ imports: [ConfigModule.forRoot(loadSettings(env)), EmbeddingModule] }).compile();
    module.useLogger(false);
    return await module.init();
  }

  it('makes local vectors where no embedding model is configured', async () => {
    const module = await open({});
    const service = module.get(EmbeddingService);
    expect(service.describe()).toEqual({ modelId: 'local-hash-v1', dimensions: 256, semantic: false, maxBatch: 1024 });
    expect(await service.embed(['a'], callContext())).toHaveLength(1);
    await module.close();
  });

  it('holds a client of the gateway from its start to its end, and drains it', async () => {
    const server = await FakeOpenAiServer.start();
    const module = await open({ OPENAI_BASE_URL: server.url, EMBEDDING_MODEL: 'e', EMBEDDING_DIMENSIONS: '8' });
    const connection = module.get(EmbeddingConnection);
    expect([connection.open, connection.inFlight]).toEqual([true, 0]);
    server.next({ kind: 'hold' });
    const answer = module.get(EmbeddingService).embed(['a', 'b'], callContext());
    await server.received(1);
    expect(connection.inFlight).toBe(1);
    const closing = module.close();
    await new Promise((resolve) => setImmediate(resolve));
    server.release();
    expect(await answer).toHaveLength(2);
    await closing;
    expect([connection.open, connection.inFlight]).toEqual([false, 0]);
    await expect(module.get(EmbeddingService).embed(['c'], callContext())).rejects.toMatchObject({ code: 'model-unavailable' });
    await server.stop();
  });
});
