import { type RunningApp, startApp } from './start-app.ts';

interface Told {
  code: string;
  status: number;
  requestId: string;
  issues?: { path: string }[];
}

describe('the HTTP border', () => {
  let service: RunningApp;

  beforeAll(async () => {
    service = await startApp({ MAX_UPLOAD_MB: '5' });
  }, 30_000);

  afterAll(() => service.close());

  const sent = (body: string, type = 'application/json') => service.call('post', '/chat').set('content-type', type).send(body);

  it.each([
    ['JSON that is none', () => sent('{"message":'), 400, 'invalid-request'],
    ['no body at all', () => service.call('post', '/chat'), 400, 'invalid-request'],
    ['a body of another kind', () => sent('<message/>', 'text/xml'), 415, 'unsupported-media-type'],
    ['a body that is too long', () => sent(JSON.stringify({ message: 'x'.repeat(4_100_000) })), 413, 'payload-too-large'],
    ['an address that cannot be read', () => service.call('get', '/%zz'), 400, 'invalid-request'],
    ['a route that is not', () => service.call('get', '/nowhere'), 404, 'route-not-found'],
    ['a method that is not', () => service.call('put', '/chat').send({}), 404, 'route-not-found'],
    ['a name that is no prototype', () => sent('{"message":"x","__proto__":{"admin":true}}'), 400, 'invalid-request'],
  ])('tells %s as a problem', async (_, request, status, code) => {
    const response = await request();
    const told = response.body as Told;
    expect([response.status, told.code, told.status]).toEqual([status, code, status]);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(told.requestId).toBeTruthy();
  });

  it('names every fault of a body', async () => {
    const { body } = await sent(JSON.stringify({ message: 3, topK: -1, filter: { from: {} } }));
    const paths = (body as Told).issues?.map(({ path }) => path.split('.')[0]);
    expect(new Set(paths)).toEqual(new Set(['message', 'topK', 'filter']));
  });

  it('keeps a sane request id and gives one to every answer', async () => {
    const kept = await service.call('get', '/nowhere').set('x-request-id', 'trace-0123456789');
    expect([kept.headers['x-request-id'], (kept.body as Told).requestId]).toEqual(['trace-0123456789', 'trace-0123456789']);
    expect((await service.call('get', '/health/live', null)).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tells browsers what the page may do, and to keep its address to themselves', async () => {
    const { headers } = await service.call('get', '/', null);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' });
  });

  it('measures requests by route, and leaves the ids in addresses out', async () => {
    await service.call('get', '/jobs/a-job-of-nobody');
    const { text } = await service.call('get', '/metrics');
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/jobs\/:id",status="404"\} 1/);
    expect(text).not.toContain('a-job-of-nobody');
  });
});
