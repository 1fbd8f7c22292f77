import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { type TemporaryFolder, temporaryFolder } from '../fakes/temporary-folder.ts';
import { RunningProcess } from './serving-process.ts';

const KEY = 'admin-key-of-the-tests';
const HEADERS = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
const QUESTION = { workspace: 'default', message: 'Where does Minka sleep?' };

// Windows has no SIGTERM: kill() ends a process there at once, whatever it does.
const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('shutdown of a real process', () => {
  let folder: TemporaryFolder;
  let model: FakeOpenAiServer;
  let server: RunningProcess;
  let url: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const file = join(folder.path, 'cats.txt');
    await writeFile(file, 'The cat Minka sleeps on the red sofa. Otto feeds her at noon.');
    const { code, output } = await new RunningProcess(['ingest', file, '--data-dir', join(folder.path, 'data')]).ended;
    if (code !== 0) throw new Error(output);
  }, 120_000);

  beforeEach(async () => {
    model = await FakeOpenAiServer.start({ answer: () => 'On the red sofa [1], as her owner says in many words.' });
  });

  afterEach(async () => {
    server.kill('SIGKILL');
    await server.ended;
    await model.stop();
  });

  afterAll(() => folder.remove());

  const serve = async (shutdownTimeout: string): Promise<void> => {
    const models = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'none', CHAT_MODEL: 'fake' };
    const env = { ...models, ADMIN_API_KEY: KEY, SHUTDOWN_TIMEOUT: shutdownTimeout };
    server = new RunningProcess(['serve', '--port', '0', '--data-dir', join(folder.path, 'data')], env);
    url = (await server.says(/(http:\/\/127\.0\.0\.1:\d+)\/\?token=/))[1] ?? '';
  };
  const chat = (body: object): Promise<Response> => fetch(`${url}/chat`, { method: 'POST', headers: HEADERS, body: JSON.stringify(body) });
  const statusOf = async (path: string): Promise<number> => (await fetch(url + path, { headers: HEADERS })).status;

  it('finishes the request under way, refuses new ones, and exits with 0 even when told twice', async () => {
    await serve('20s');
    model.next({ kind: 'hold' });
    const answer = chat(QUESTION);
    await model.until(() => model.inFlight === 1);
    server.kill('SIGTERM');
    await server.says(/waiting for 1 requests under way/);
    expect([await statusOf('/health/live'), await statusOf('/health/ready')]).toEqual([200, 503]);
    const refused = await chat(QUESTION);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'shutting-down']);
    server.kill('SIGTERM');
    server.kill('SIGINT');
    model.release();
    const response = await answer;
    expect([response.status, ((await response.json()) as { mode: string }).mode]).toEqual([200, 'generated']);
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
  }, 60_000);

  it('tells a stream that outlasts the deadline, and cancels the model’s call', async () => {
    await serve('300ms');
    model.next({ kind: 'stall', afterParts: 2 });
    const response = await chat({ ...QUESTION, stream: true });
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let events = '';
    while (!events.includes('event: token')) events += (await reader.read()).value ?? '';
    server.kill('SIGTERM');
    for (let part = await reader.read(); !part.done; part = await reader.read()) events += part.value;
    const last = events.trim().split('\n\n').at(-1) ?? '';
    expect(last).toMatch(/^event: error\n/);
    expect(JSON.parse(last.replace(/^.*\ndata: /s, ''))).toMatchObject({ code: 'shutting-down', status: 503 });
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
    await model.until(() => model.aborted === 1);
  }, 60_000);

  it('tells a request that outlasts the deadline', async () => {
    await serve('300ms');
    model.next({ kind: 'hold' });
    const answer = chat(QUESTION);
    await model.until(() => model.inFlight === 1);
    server.kill('SIGINT');
    const response = await answer;
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'shutting-down']);
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
  }, 60_000);
});
