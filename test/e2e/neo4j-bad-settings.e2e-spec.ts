import { FakeBoltServer } from '../fakes/fake-bolt-server.ts';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { turnAtNeo4j } from '../fixtures/neo4j-turn.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';
import { addDocument } from './chat-requests.ts';
import { finishedJob } from './finished-job.ts';
import { ADMIN_KEY, type RunningApp, startApp } from './start-app.ts';

describeWith(await neo4jService(), 'The service with a Neo4j that cannot be used', (neo4j) => {
  let old: FakeBoltServer;
  beforeAll(async () => {
    old = await FakeBoltServer.start('Neo4j/5.20.0');
  });
  afterAll(() => old.stop());

  const start = (env: Record<string, string>): Promise<RunningApp> =>
    startApp({ STORE: 'neo4j', NEO4J_URI: neo4j.uri, NEO4J_USERNAME: neo4j.username, NEO4J_PASSWORD: neo4j.password === '' ? 'none' : neo4j.password, ...env });

  it.each([
    ['a wrong address', (): Record<string, string> => ({ NEO4J_URI: 'bolt://127.0.0.1:1' }), 'store-unavailable', 'NEO4J_URI'],
    ['a wrong password', (): Record<string, string> => ({ NEO4J_PASSWORD: 'wrong' }), 'store-credentials-invalid', 'NEO4J_PASSWORD'],
    ['a wrong database', (): Record<string, string> => ({ NEO4J_DATABASE: 'nowhere' }), 'store-database-not-found', 'NEO4J_DATABASE'],
    ['a server that is too old', (): Record<string, string> => ({ NEO4J_URI: old.uri }), 'store-version-unsupported', '5.26'],
  ])('starts with %s, is live but not ready, and tells every caller what to correct', async (_, env, code, remedy) => {
    const running = await start(env());
    try {
      expect((await running.call('get', '/health/live', null)).status).toBe(200);
      expect((await running.call('get', '/health/ready', null)).status).toBe(503);
      for (const answer of [await running.call('get', '/workspaces'), await running.call('post', '/retrieve').send({ query: 'Who?', workspace: 'any' })]) {
        expect([answer.status, answer.body]).toEqual([503, expect.objectContaining({ code, remedy: expect.stringContaining(remedy) })]);
        expect(answer.headers['content-type']).toContain('application/problem+json');
        // Only what passes by itself is worth another try.
        expect(answer.headers['retry-after']).toBe(code === 'store-unavailable' ? '1' : undefined);
      }
    } finally {
      await running.close();
    }
  }, 30_000);
});

describeWith(await neo4jService(), 'The service with a workspace of other vectors', (neo4j) => {
  it('names `reindex`, drops nothing, and goes on with the former model', async () => {
    const endTurn = await turnAtNeo4j(neo4j);
    const workspace = `vectors-${String(Date.now())}`;
    const store = { STORE: 'neo4j', NEO4J_URI: neo4j.uri, NEO4J_USERNAME: neo4j.username, NEO4J_PASSWORD: neo4j.password === '' ? 'none' : neo4j.password };
    const model = await FakeOpenAiServer.start({ dimensions: 8 });
    const former = { ...store, OPENAI_BASE_URL: model.url, EMBEDDING_MODEL: 'fake' };
    const find = (running: RunningApp) => running.call('post', '/retrieve').send({ query: 'Who keeps the tide tables?', workspace });

    const first = await startApp(former);
    await addDocument(first, { workspace, title: 'Harbour', externalId: 'harbour', text: 'The harbour master keeps the tide tables.' });
    const before = await find(first);
    expect(before.body).toMatchObject({ passages: [{ externalId: 'harbour', via: { dense: { rank: 1 } } }] });
    await first.close();

    const other = await startApp({ ...former, EMBEDDING_DIMENSIONS: '16' });
    const added = await other.call('post', '/documents').send({ workspace, title: 'Pier', externalId: 'pier', text: 'The pier was closed in May.' });
    expect(added.status).toBe(202);
    const job = await finishedJob(other, (added.body as { jobId: string }).jobId, ADMIN_KEY);
    expect(job).toMatchObject({ state: 'failed', errors: [{ code: 'embedding-dimension-mismatch', message: expect.stringContaining('reindex') }] });
    const mismatch = await find(other);
    expect([mismatch.status, mismatch.body]).toEqual([409, expect.objectContaining({ code: 'embedding-dimension-mismatch', remedy: expect.stringContaining('reindex') })]);
    await other.close();

    const again = await startApp(former);
    const after = await find(again);
    expect((after.body as { passages: unknown }).passages).toEqual((before.body as { passages: unknown }).passages);
    await again.call('delete', `/workspaces/${workspace}`, ADMIN_KEY);
    await again.close();
    await model.stop();
    await endTurn();
  }, 60_000);
});
