import type { ServerAnswer } from '../../src/cli/doctor/server-probe.ts';
import { askServer, probesFor } from '../../src/cli/doctor/server-probes.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { describeWith, memcachedService, redisService } from '../fixtures/services.ts';

const ask = async (env: Readonly<Record<string, string>>): Promise<ServerAnswer[]> =>
  await Promise.all(probesFor(loadSettings(env)).map((probe) => askServer(probe, new AbortController().signal)));

describeWith(await redisService(), 'The doctor on Redis', (url) => {
  it('signs in and tells the version, or why not, and no password', async () => {
    const { host, password } = new URL(url);
    const [well] = await ask({ CACHE_TIERS: 'redis', REDIS_URL: url });
    expect(well).toMatchObject({ server: 'redis', address: `redis://${host}`, ok: true, answer: expect.stringMatching(/^version \d/) });
    const [wrong] = await ask({ CACHE_TIERS: 'redis', REDIS_URL: `redis://:hush@${host}` });
    expect(wrong).toMatchObject({ ok: false, answer: expect.stringContaining('WRONGPASS') });
    const [none] = await ask({ CACHE_TIERS: 'redis', REDIS_URL: `redis://${host}` });
    expect(none).toMatchObject({ ok: false, answer: expect.stringContaining('NOAUTH') });
    const [away] = await ask({ CACHE_TIERS: 'redis', REDIS_URL: 'redis://:hush@127.0.0.1:1' });
    expect(away).toMatchObject({ ok: false, answer: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify([well, wrong, none, away])).not.toMatch(new RegExp(`hush|${password}`));
  });
});

describeWith(await memcachedService(), 'The doctor on memcached', (servers) => {
  it('asks every server of the list', async () => {
    const answers = await ask({ CACHE_TIERS: 'memcached', MEMCACHED_SERVERS: `${servers}, me:hush@127.0.0.1:1` });
    expect(answers).toMatchObject([
      { server: 'memcached', address: `memcached://${servers}`, ok: true, answer: expect.stringMatching(/^version \d/) },
      { server: 'memcached', address: 'memcached://127.0.0.1:1', ok: false, answer: expect.stringContaining('ECONNREFUSED') },
    ]);
  });
});
