import { turnAtNeo4j } from '../fixtures/neo4j-turn.ts';
import { describeWith, neo4jService } from '../fixtures/services.ts';
import { addDocument } from './chat-requests.ts';
import { ADMIN_KEY, type RunningApp, startApp } from './start-app.ts';

const TEXT = 'The town archive holds the plans.\n\nThe old bridge of Ulm was built in 1832 by Ada Kern. It was closed in May for repairs.';

describeWith(await neo4jService(), 'The service with STORE=neo4j', ({ uri, username, password }) => {
  const workspace = `e2e-${String(Date.now())}`;
  let running: RunningApp;
  let key: string;
  let endTurn: () => Promise<void>;
  beforeAll(async () => {
    endTurn = await turnAtNeo4j({ uri, username, password });
    running = await startApp({ STORE: 'neo4j', NEO4J_URI: uri, NEO4J_USERNAME: username, NEO4J_PASSWORD: password === '' ? 'none' : password });
    key = await running.keyFor(workspace, 'write');
  }, 60_000);
  afterAll(async () => {
    await running.call('delete', `/workspaces/${workspace}`, ADMIN_KEY);
    await running.close();
    await endTurn();
  });

  it('takes documents, finds passages, answers with citations, and forgets what is deleted', async () => {
    await addDocument(running, { workspace, title: 'Bridges of Ulm', externalId: 'bridges', text: TEXT });
    const found = await running.call('post', '/retrieve', key).send({ query: 'Who built the bridge of Ulm?', workspace });
    expect(found.status).toBe(200);
    expect(found.body).toMatchObject({ passages: [{ rank: 1, externalId: 'bridges', title: 'Bridges of Ulm' }] });
    const answer = await running.call('post', '/chat', key).send({ message: 'Who built the old bridge of Ulm?', workspace });
    expect(answer.body).toMatchObject({ mode: 'extractive', citations: [{ marker: 1, externalId: 'bridges' }] });
    const { body: listed } = await running.call('get', `/documents?workspace=${workspace}`, key);
    const [document] = (listed as { documents: { id: string; externalId: string }[] }).documents;
    expect(document?.externalId).toBe('bridges');
    const deleted = await running.call('delete', `/documents/${document?.id ?? ''}?workspace=${workspace}`, key);
    expect(deleted.status).toBeLessThan(300);
    const after = await running.call('post', '/retrieve', key).send({ query: 'bridge of Ulm', workspace });
    expect(after.body).toMatchObject({ passages: [] });
  }, 60_000);

  it('tells how it is', async () => {
    const { body, status } = await running.call('get', '/health/ready', null);
    expect([status, body]).toEqual([200, expect.objectContaining({ status: 'ok' })]);
  });
});
