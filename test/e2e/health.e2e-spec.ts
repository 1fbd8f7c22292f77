import { jest } from '@jest/globals';
import { ShutdownService } from '../../src/common/lifecycle/shutdown.service.ts';
import { RecordStore } from '../../src/storage/record-store.port.ts';
import { StorageError } from '../../src/storage/storage.errors.ts';
import { type RunningApp, startApp } from './start-app.ts';

describe('health', () => {
  let service: RunningApp;

  beforeAll(async () => {
    service = await startApp();
  }, 30_000);

  afterEach(() => {
    jest.restoreAllMocks();
  });

  afterAll(() => service.close());

  it.each(['/health', '/health/live', '/health/ready'])('tells the status alone at %s without a key', async (path) => {
    const response = await service.call('get', path, null);
    expect([response.status, response.body]).toEqual([200, { status: 'ok' }]);
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('tells the parts with a key', async () => {
    const { body } = await service.call('get', '/health');
    expect(Object.keys((body as { details: object }).details).sort()).toEqual(['cache', 'models', 'rag', 'store']);
  });

  it('is as good as without a key with a bad one', async () => {
    expect((await service.call('get', '/health', 'bad')).body).toEqual({ status: 'ok' });
  });

  it('is not ready, but live, while the store is away, and heals', async () => {
    const away = new StorageError('store-unavailable', 'The store is away.');
    jest.spyOn(service.app.get(RecordStore, { strict: false }), 'ping').mockRejectedValue(away);
    expect((await service.call('get', '/health/ready', null)).status).toBe(503);
    expect((await service.call('get', '/health', null)).body).toEqual({ status: 'error' });
    expect((await service.call('get', '/health/live', null)).status).toBe(200);
    jest.restoreAllMocks();
    expect((await service.call('get', '/health/ready', null)).status).toBe(200);
  });

  it('does not wait for a store that does not say who asks', async () => {
    const key = await service.keyFor('probes', 'read');
    const { promise: never } = Promise.withResolvers<undefined>();
    jest.spyOn(service.app.get(RecordStore, { strict: false }), 'get').mockReturnValue(never);
    const startMs = performance.now();
    expect((await service.call('get', '/health/ready', key)).body).toEqual({ status: 'ok' });
    expect(performance.now() - startMs).toBeLessThan(2000);
  });

  it('refuses new work, but no probe, while it stops', async () => {
    service.app.get(ShutdownService, { strict: false }).begin();
    const refused = await service.call('get', '/workspaces');
    expect(refused.body).toMatchObject({ code: 'shutting-down', status: 503 });
    expect(refused.headers['connection']).toBe('close');
    expect((await service.call('get', '/health/ready', null)).body).toEqual({ status: 'shutting_down' });
    expect((await service.call('get', '/health/ready', null)).status).toBe(503);
    expect((await service.call('get', '/health/live', null)).status).toBe(200);
  });
});
