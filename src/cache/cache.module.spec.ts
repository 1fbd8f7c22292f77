import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { FakeCacheStore } from '../../test/fakes/fake-cache-store.ts';
import { FakeClock } from '../../test/fakes/fake-clock.ts';
import { temporaryFolder, type TemporaryFolder } from '../../test/fakes/temporary-folder.ts';
import { ConfigModule } from '../config/config.module.ts';
import { loadSettings } from '../config/load-settings.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import { CacheHealth } from './cache.health.ts';
import { CacheMetrics } from './cache.metrics.ts';
import { CacheModule, storesInOrder } from './cache.module.ts';
import { CacheService } from './cache.service.ts';

const KEY = { kind: 'test', version: '1', parts: ['a'] };

describe('CacheModule', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  const start = async (env: Record<string, string> = {}) => {
    const settings = loadSettings({ DATA_DIR: folder.path, ...env });
    const module = await Test.createTestingModule({ imports: [ConfigModule.forRoot(settings), CacheModule] }).compile();
    return await module.init();
  };

  it('keeps values across a restart, in the tiers of the settings, and shows its figures', async () => {
    const first = await start();
    await first.get(CacheService).set(SYSTEM_SCOPE, KEY, Buffer.from('x'));
    await first.close();
    const second = await start();
    const cache = second.get(CacheService);
    expect(await cache.get(SYSTEM_SCOPE, KEY)).toEqual(new Uint8Array(Buffer.from('x')));
    expect(cache.figures().map(({ tier, hits, misses }) => [tier, hits, misses])).toEqual([
      ['memory', 0, 1],
      ['file', 1, 0],
    ]);
    expect(await second.get(CacheHealth).check()).toMatchObject({ cache: { status: 'up', tiers: { file: { hits: 1, state: 'up' } } } });
    const registry = new Registry();
    second.get(CacheMetrics).register(registry);
    await registry.metrics();
    expect(await registry.metrics()).toContain('graphrag_cache_hits_total{tier="file"} 1');
    await second.close();
  });

  it('makes no folder for a tier that is not wanted', async () => {
    const module = await start({ CACHE_TIERS: 'memory' });
    expect(module.get(CacheService).figures().map(({ tier }) => tier)).toEqual(['memory']);
    await module.close();
  });

  it('starts and works while its servers are away, and health says which and why', async () => {
    const module = await start({ CACHE_TIERS: 'memory,redis,memcached', REDIS_URL: 'redis://me:hush@127.0.0.1:1', MEMCACHED_SERVERS: 'me:hush@127.0.0.1:1' });
    const cache = module.get(CacheService);
    await cache.set(SYSTEM_SCOPE, KEY, Buffer.from('x'));
    expect(await cache.get(SYSTEM_SCOPE, KEY)).toEqual(new Uint8Array(Buffer.from('x')));
    expect(await module.get(CacheHealth).check()).toMatchObject({
      cache: {
        status: 'degraded',
        tiers: { memory: { state: 'up' }, redis: { state: 'down', reason: 'Redis cannot be reached.' }, memcached: { state: 'down', reason: 'memcached at 127.0.0.1:1 cannot be reached.' } },
      },
    });
    await module.close();
  });

  it('takes the tiers in their order, each once', () => {
    const clock = new FakeClock();
    const [memory, file] = [new FakeCacheStore(clock, 'memory'), new FakeCacheStore(clock, 'file')];
    expect(storesInOrder(['file', 'memory', 'file'], [memory, file])).toEqual([file, memory]);
  });
});
