import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { addDocument, eventsIn } from './chat-requests.ts';
import { type RunningApp, startApp } from './start-app.ts';

const QUESTION = 'Who built the old bridge of Ulm?';
const AWAY = expect.stringMatching(/^The question could not be embedded \(.+\); the passages were found by text and graph alone\.$/);

describe('warnings of a retrieval, on the wire', () => {
  let model: FakeOpenAiServer;
  let running: RunningApp;
  beforeAll(async () => {
    model = await FakeOpenAiServer.start();
    running = await startApp({ OPENAI_BASE_URL: model.url, EMBEDDING_MODEL: 'fake' });
    await addDocument(running, { workspace: 'library', title: 'Bridges', externalId: 'bridges', text: 'The old bridge of Ulm was built by Ada Kern.' });
  });
  afterEach(() => {
    model.always(undefined);
  });
  afterAll(async () => {
    await running.close();
    await model.stop();
  });

  const away = (): void => {
    model.always(({ path }) => (path === '/embeddings' ? { kind: 'status', status: 401, text: 'no such key' } : undefined));
  };
  const retrieve = async (query: string): Promise<object> => (await running.call('post', '/retrieve').send({ query, workspace: 'library' })).body as object;

  it('stand beside the passages of POST /retrieve while the embedder is away, and not when it is there', async () => {
    away();
    expect(await retrieve(QUESTION)).toMatchObject({ passages: [{ externalId: 'bridges' }], warnings: [AWAY] });
    model.always(undefined);
    const whole = await retrieve(`${QUESTION} Ada?`);
    expect(whole).toMatchObject({ passages: [{ externalId: 'bridges', via: { dense: { rank: 1 } } }] });
    expect(whole).not.toHaveProperty('warnings');
  });

  it('stand in the answer of POST /chat, and in the events `retrieval` and `done`', async () => {
    away();
    const body = { message: `${QUESTION} Tell me.`, workspace: 'library' };
    expect((await running.call('post', '/chat').send(body)).body).toMatchObject({ mode: 'extractive', warnings: [AWAY] });
    const events = eventsIn((await running.call('post', '/chat').send({ ...body, stream: true })).text);
    expect(events[0]).toMatchObject({ event: 'retrieval', data: { passages: [{ rank: 1 }], warnings: [AWAY] } });
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { warnings: [AWAY] } });
  });

  it('are described by the API', async () => {
    const { paths } = (await running.call('get', '/openapi.json')).body as { paths: Record<string, { post: { summary: string } }> };
    for (const path of ['/retrieve', '/chat']) expect(paths[path]?.post.summary).toContain('`warnings`');
  });
});
