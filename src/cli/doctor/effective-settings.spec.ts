import { loadSettings } from '../../config/load-settings.ts';
import { effectiveSettings } from './effective-settings.ts';

describe('effectiveSettings', () => {
  const secrets = {
    OPENAI_API_KEY: 'sk-secret-of-the-model-server',
    ADMIN_API_KEY: 'secret-of-the-administrator',
    JWT_SECRET: 'secret-of-the-tokens-secret-of-the-tokens',
    NEO4J_PASSWORD: 'secret-of-the-graph',
    REDIS_URL: 'redis://user:secret-of-the-cache@cache.example:6379',
    MEMCACHED_SERVERS: 'user:secret-of-memcached@a.example:11211, b.example:11211,me:secret-too@c.example',
    OPENAI_BASE_URL: 'http://user:secret-in-address@models.example/v1',
  };

  it('shows no secret', () => {
    const shown = effectiveSettings(loadSettings(secrets));
    expect(JSON.stringify(shown)).not.toContain('secret-');
    expect(shown).toMatchObject({
      models: { apiKey: '(set, hidden)', baseUrl: 'http://***@models.example/v1' },
      cache: { redisUrl: 'redis://***@cache.example:6379', memcachedServers: '***@a.example:11211, b.example:11211,***@c.example' },
      store: { neo4j: { password: '(set, hidden)' } },
    });
  });

  it('shows defaults, and null for what is not set', () => {
    expect(effectiveSettings(loadSettings({}))).toMatchObject({ server: { port: 3000, dataDir: './data' }, models: { apiKey: null }, ingestion: { chunkMaxTokens: 512 } });
  });
});
