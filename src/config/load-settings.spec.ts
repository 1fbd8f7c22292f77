import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config.errors.ts';
import { loadSettings, readEnvironment } from './load-settings.ts';
import { modelDefaults } from './model-defaults.ts';

type Env = Readonly<Record<string, string>>;

/** The faults of an environment by variable; none if it can be used. */
function faultsOf(env: Env): Record<string, string> {
  try {
    loadSettings(env);
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.faults.map(({ variable, fault }) => [variable, fault]));
  }
}

describe('loadSettings', () => {
  it('needs nothing', () => {
    const settings = loadSettings({});
    expect(settings.server).toMatchObject({ host: '127.0.0.1', port: 3000, dataDir: './data', maxUploadBytes: 100_000_000, throttleLimit: 120, throttleTtlMs: 60_000 });
    expect(settings.models).toMatchObject({ apiKey: undefined, baseUrl: undefined, chatModel: undefined, embeddingModel: undefined });
    expect(settings.cache).toMatchObject({ tiers: ['memory', 'file'], ttlMs: 7 * 86_400_000 });
    expect(settings.auth).toMatchObject({ mode: 'closed', jwtTtlMs: 3_600_000 });
    expect(settings.store.kind).toBe('sqlite');
    expect(settings.ingestion).toEqual({ workers: 30, callsAtOnce: 20, batchSize: 10, extractor: undefined, chunkMaxTokens: 512, sentenceVectors: 'auto' });
  });

  it.each([
    [{ INGEST_MAX_CONCURRENT: '1' }, 1, 1],
    [{ INGEST_MAX_CONCURRENT: '15' }, 15, 23],
    [{ INGEST_MAX_CONCURRENT: '50' }, 50, 50],
    [{ INGEST_WORKERS: '5' }, 5, 5],
    [{ INGEST_MAX_CONCURRENT: '10', INGEST_WORKERS: '20' }, 10, 20],
  ])('has workers ready for the calls of an ingestion: %p', (env, callsAtOnce, workers) => {
    expect(loadSettings(env).ingestion).toMatchObject({ callsAtOnce, workers });
  });

  it('counts an empty value as not set', () => {
    expect(loadSettings({ PORT: '', OPENAI_API_KEY: '', CACHE_TIERS: '' })).toEqual(loadSettings({}));
  });

  it('lists every fault of every area at once, each with its variable', () => {
    const faults = faultsOf({
      PORT: '70000',
      SHUTDOWN_TIMEOUT: 'soon',
      LOG_LEVEL: 'loud',
      JWT_SECRET: 'short',
      JWT_TTL: '1 fortnight',
      AUTH_MODE: 'none',
      HOST: '0.0.0.0',
      CACHE_TIERS: 'memory,redis',
      CACHE_TTL: '-5',
      RAG_MAX_CONCURRENT_REQUESTS: 'many',
      OPENAI_BASE_URL: 'localhost:11434',
      INGEST_WORKERS: '51',
      STORE: 'neo4j',
      NEO4J_FETCH_SIZE: '0',
    });
    expect(Object.keys(faults).toSorted()).toEqual(
      [
        ...['PORT', 'SHUTDOWN_TIMEOUT', 'LOG_LEVEL', 'JWT_SECRET', 'JWT_TTL', 'AUTH_MODE', 'REDIS_URL', 'CACHE_TTL'],
        ...['RAG_MAX_CONCURRENT_REQUESTS', 'OPENAI_BASE_URL', 'INGEST_WORKERS', 'NEO4J_URI', 'NEO4J_PASSWORD', 'NEO4J_FETCH_SIZE'],
      ].toSorted(),
    );
    for (const fault of Object.values(faults)) expect(fault).toMatch(/^(must|may|knows|names)\b/);
  });

  it('shows the faults in one message, with where to look', () => {
    expect(() => loadSettings({ PORT: 'x', LOG_LEVEL: 'loud' })).toThrow(/PORT must be a whole number from 0 to 65535\n.*LOG_LEVEL must be one of fatal, error/);
    const error = new ConfigError([{ variable: 'PORT', fault: 'must be' }]);
    expect([error.code, error.remedy]).toEqual(['configuration-invalid', expect.stringContaining('.env.example')]);
  });

  it('shows no secret in a fault', () => {
    const faults = faultsOf({ JWT_SECRET: 'hush', ADMIN_API_KEY: 'hush', REDIS_URL: 'hush://me:hush@host', OPENAI_BASE_URL: 'ftp://me:hush@host' });
    expect(Object.keys(faults)).toHaveLength(4);
    expect(JSON.stringify(faults)).not.toContain('hush');
  });

  describe('durations', () => {
    it.each([
      ['30', 30_000],
      ['30s', 30_000],
      ['250ms', 250],
      ['1.5m', 90_000],
      ['1h', 3_600_000],
    ])('reads %s', (text, ms) => {
      expect(loadSettings({ RAG_CONNECTION_TIMEOUT: text }).models.interactiveTimeoutMs).toBe(ms);
    });

    it.each(['', '30 seconds', '-1', '99', '1e3', 'NaN', '2d'])('never takes "%s" for another one', (text) => {
      if (text === '' || text === '99') expect(faultsOf({ RAG_CONNECTION_TIMEOUT: text })).toEqual({});
      else expect(faultsOf({ RAG_CONNECTION_TIMEOUT: text })).toHaveProperty('RAG_CONNECTION_TIMEOUT');
    });

    it('are the same in every unit', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 3600 }), (seconds) => {
          const inMs = loadSettings({ INGEST_CALL_TIMEOUT: `${String(seconds * 1000)}ms` });
          expect(loadSettings({ INGEST_CALL_TIMEOUT: String(seconds) })).toEqual(inMs);
        }),
      );
    });
  });

  describe('models', () => {
    it('takes the defaults of config/models.json with a key alone', () => {
      expect(loadSettings({ OPENAI_API_KEY: 'k' }).models).toMatchObject(modelDefaults().openai);
    });

    it('names no models by itself for a server of one’s own', () => {
      const { models } = loadSettings({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://localhost:11434/v1', CHAT_MODEL: 'm' });
      expect(models).toMatchObject({ baseUrl: 'http://localhost:11434/v1', chatModel: 'm', extractionModel: undefined, embeddingModel: undefined });
    });

    it('refuses a model without a server', () => {
      expect(faultsOf({ CHAT_MODEL: 'm', EMBEDDING_MODEL: 'e' })).toEqual({
        CHAT_MODEL: expect.stringContaining('OPENAI_BASE_URL') as string,
        EMBEDDING_MODEL: expect.stringContaining('OPENAI_BASE_URL') as string,
      });
    });

    it.each([
      [{}, 'set OPENAI_API_KEY, or OPENAI_BASE_URL and CHAT_MODEL'],
      [{ OPENAI_BASE_URL: 'http://localhost:8000/v1', OPENAI_API_KEY: 'k' }, 'name one with CHAT_MODEL'],
    ])('refuses to rerank by a chat model that is not there: %j', (env, remedy) => {
      expect(faultsOf({ ...env, RERANK: 'model' })).toEqual({ RERANK: expect.stringContaining(remedy) });
    });

    it.each([{ OPENAI_API_KEY: 'k' }, { OPENAI_BASE_URL: 'http://localhost:8000/v1', CHAT_MODEL: 'm' }])('reranks by the chat model of %j', (env) => {
      expect(loadSettings({ ...env, RERANK: 'model' }).retrieval).toEqual({ rerank: 'model', rerankTimeoutMs: 10_000 });
      expect(loadSettings(env).retrieval.rerank).toBe('off');
    });

    it('never has fewer connections than both lanes of both kinds of call need', () => {
      expect(loadSettings({}).models).toMatchObject({ connections: 100, connectionsPerHost: 60 });
      const small = loadSettings({ RAG_CONNECTION_POOL_SIZE: '1', RAG_CONNECTIONS_PER_HOST: '1', RAG_MAX_CONCURRENT_REQUESTS: '2', INGEST_MAX_CONCURRENT: '3' });
      expect(small.models).toMatchObject({ connections: 10, connectionsPerHost: 10 });
      expect(loadSettings({ RAG_CONNECTIONS_PER_HOST: '80' }).models.connectionsPerHost).toBe(80);
    });
  });

  it.each([
    ['redis', 'REDIS_URL', 'redis://localhost:6379'],
    ['memcached', 'MEMCACHED_SERVERS', 'localhost:11211'],
  ])('wants to know where a cache tier is: %s', (tier, variable, value) => {
    expect(faultsOf({ CACHE_TIERS: `memory, ${tier}` })).toHaveProperty(variable);
    expect(loadSettings({ CACHE_TIERS: `memory, ${tier}`, [variable]: value }).cache.tiers).toEqual(['memory', tier]);
  });

  it('lets everyone in on a loopback address only', () => {
    for (const HOST of ['127.0.0.1', '::1', 'localhost']) expect(loadSettings({ HOST, AUTH_MODE: 'none' }).auth.mode).toBe('none');
    for (const HOST of ['0.0.0.0', '::', '192.168.1.5', 'example.org']) expect(faultsOf({ HOST, AUTH_MODE: 'none' })).toHaveProperty('AUTH_MODE');
  });

  it('reads a .env file under the environment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    writeFileSync(join(folder, '.env'), 'PORT=4000\nCHAT_MODEL="from file"\n');
    expect(readEnvironment(join(folder, '.env'), { PORT: '5000' })).toEqual({ PORT: '5000', CHAT_MODEL: 'from file' });
    expect(readEnvironment(join(folder, 'none'), { PORT: '5000' })).toEqual({ PORT: '5000' });
    rmSync(folder, { recursive: true });
  });
});
