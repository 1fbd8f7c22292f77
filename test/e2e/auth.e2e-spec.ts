import { AdminService } from '../../src/auth/admin.service.ts';
import { KeyService } from '../../src/auth/key.service.ts';
import { TokenService } from '../../src/auth/token.service.ts';
import { RecordStore } from '../../src/storage/record-store.port.ts';
import { SYSTEM_SCOPE } from '../../src/storage/storage.types.ts';
import { ADMIN_KEY, type RunningApp, startApp } from './start-app.ts';

interface SignedIn {
  access_token: string;
  token_type: string;
  expires_in: number;
}

describe('auth', () => {
  let service: RunningApp;
  let readKey: string;

  beforeAll(async () => {
    service = await startApp();
    readKey = await service.keyFor('library', 'read');
  }, 30_000);

  afterAll(() => service.close());

  const codeOf = async (test: ReturnType<RunningApp['call']>): Promise<[number, unknown]> => {
    const response = await test;
    return [response.status, (response.body as { code?: unknown }).code];
  };

  it('asks for credentials, as a problem that says how to send them', async () => {
    const response = await service.call('get', '/workspaces', null);
    expect(response.status).toBe(401);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.headers['www-authenticate']).toBe('Bearer');
    expect(response.body).toMatchObject({ code: 'authentication-required', status: 401, title: 'Authentication required' });
    expect((response.body as { requestId: string }).requestId).toBe(response.headers['x-request-id']);
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['a key that was never given out', `grc_${'0'.repeat(32)}_${'a'.repeat(43)}`],
    ['a token signed by someone else', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl'],
    ['a token that is not signed', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsImlzcyI6ImdyYXBocmFnLWNoYXQifQ.'],
  ])('refuses %s', async (_, key) => {
    expect(await codeOf(service.call('get', '/workspaces', key))).toEqual([401, 'credentials-invalid']);
  });

  it('shows a key only its own workspace', async () => {
    await service.keyFor('secret', 'read');
    const response = await service.call('get', '/workspaces', readKey);
    expect(response.status).toBe(200);
    expect(JSON.stringify(response.body)).toContain('library');
    expect(JSON.stringify(response.body)).not.toContain('secret');
  });

  it('keeps what is the instance admin’s from other keys', async () => {
    const adminKey = await service.keyFor('library', 'admin');
    expect(await codeOf(service.call('post', '/workspaces', adminKey).send({ slug: 'mine' }))).toEqual([403, 'right-missing']);
    expect(await codeOf(service.call('get', '/metrics', adminKey))).toEqual([403, 'right-missing']);
    const { text } = await service.call('get', '/metrics');
    for (const metric of ['http_requests_in_flight', 'graphrag_cache_', 'graphrag_model_in_flight']) expect(text).toContain(metric);
  });

  it('ends a key at the next request after it was revoked', async () => {
    const keys = service.app.get(KeyService, { strict: false });
    const { id, key } = await keys.create('some-uid', 'write');
    expect((await service.call('get', '/workspaces', key)).status).toBe(200);
    expect(await keys.revoke(id)).toBe(true);
    expect(await codeOf(service.call('get', '/workspaces', key))).toEqual([401, 'credentials-invalid']);
  });

  it('exchanges a one-time token once, and the access token works and renews', async () => {
    const token = await service.app.get(TokenService, { strict: false }).createOneTime();
    const first = await service.call('post', '/auth/token', null).send({ token });
    expect(first.status).toBe(200);
    expect(first.headers['cache-control']).toBe('no-store');
    const { access_token, token_type, expires_in } = first.body as SignedIn;
    expect([token_type, expires_in]).toEqual(['Bearer', 3600]);
    expect((await service.call('get', '/metrics', access_token)).status).toBe(200);
    expect(await codeOf(service.call('post', '/auth/token', null).send({ token }))).toEqual([401, 'credentials-invalid']);
    const renewed = await service.call('post', '/auth/token', access_token);
    expect((await service.call('get', '/metrics', (renewed.body as SignedIn).access_token)).status).toBe(200);
  });

  it('gives a key’s holder a token worth what the key is worth', async () => {
    const { id, key } = await service.app.get(KeyService, { strict: false }).create('another-uid', 'read');
    const { access_token } = (await service.call('post', '/auth/token', key)).body as SignedIn;
    expect((await service.call('get', '/workspaces', access_token)).status).toBe(200);
    await service.app.get(KeyService, { strict: false }).revoke(id);
    expect(await codeOf(service.call('get', '/workspaces', access_token))).toEqual([401, 'credentials-invalid']);
  });

  it('ends the admin’s tokens with a reset', async () => {
    const { access_token } = (await service.call('post', '/auth/token', ADMIN_KEY)).body as SignedIn;
    expect((await service.call('get', '/metrics', access_token)).status).toBe(200);
    expect(await service.app.get(AdminService, { strict: false }).reset()).toBeUndefined();
    expect(await codeOf(service.call('get', '/metrics', access_token))).toEqual([401, 'credentials-invalid']);
    expect((await service.call('get', '/metrics', ADMIN_KEY)).status).toBe(200);
  });

  it('lets every known caller read the guide', async () => {
    const guide = await service.keyFor('guide-for-all', 'read');
    const keys = await service.app.get(KeyService, { strict: false }).list();
    const uid = keys.find(({ id }) => guide.includes(id))?.workspaceUid ?? '';
    await service.app.get(RecordStore, { strict: false }).put(SYSTEM_SCOPE, 'guide', { uid });
    expect(JSON.stringify((await service.call('get', '/workspaces', readKey)).body)).toContain('guide-for-all');
  });

  it('refuses what another site’s page sends', async () => {
    const response = service.call('post', '/workspaces').set('origin', 'https://elsewhere.example').send({ slug: 'foreign' });
    expect(await codeOf(response)).toEqual([403, 'right-missing']);
  });
});

describe('auth that is off', () => {
  it('lets everybody do everything under a loopback name, and nobody under another', async () => {
    const service = await startApp({ AUTH_MODE: 'none' });
    try {
      expect((await service.call('get', '/metrics', null)).status).toBe(200);
      const rebound = await service.call('get', '/metrics', null).set('host', 'rebound.example');
      expect([rebound.status, (rebound.body as { code: string }).code]).toEqual([403, 'right-missing']);
    } finally {
      await service.close();
    }
  }, 30_000);
});

describe('throttling', () => {
  it('answers 429 with Retry-After per principal, and never to probes', async () => {
    const service = await startApp({ THROTTLE_LIMIT: '3' });
    try {
      const statuses: number[] = [];
      for (let nth = 0; nth < 4; nth += 1) statuses.push((await service.call('get', '/workspaces')).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
      const refused = await service.call('get', '/metrics');
      expect(refused.body).toMatchObject({ code: 'too-many-requests', status: 429 });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await service.call('get', '/workspaces', await service.keyFor('other', 'read'))).status).toBe(200);
      expect((await service.call('get', '/health')).status).toBe(200);
    } finally {
      await service.close();
    }
  }, 30_000);
});
