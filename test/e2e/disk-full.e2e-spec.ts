import { setTimeout as delay } from 'node:timers/promises';
import { FakeOpenAiServer } from '../fakes/fake-openai-server.ts';
import { describeWith } from '../fixtures/services.ts';
import { SmallDisk } from '../fixtures/small-disk.ts';
import { addDocument } from './chat-requests.ts';
import { type RunningApp, startApp } from './start-app.ts';

/** The service needs some 10 MB for itself: 4 for its reserve, the rest for its databases. */
const DISK_MB = 32;
const WORKSPACE = 'harbour';

interface CacheReport {
  readonly details: { readonly cache: { readonly tiers: { readonly file: { readonly state: string; readonly hits: number } } } };
}

describeWith(await SmallDisk.mount(DISK_MB), 'The service on a disk that fills up', (disk) => {
  let model: FakeOpenAiServer;
  let running: RunningApp;
  let documentId: string;

  beforeAll(async () => {
    model = await FakeOpenAiServer.start();
    // Without a tier of memory, so that the files themselves are read.
    running = await startApp({ DATA_DIR: disk.dataDir, CACHE_TIERS: 'file', OPENAI_BASE_URL: model.url, EMBEDDING_MODEL: 'fake' });
    documentId = await addDocument(running, { workspace: WORKSPACE, title: 'Harbour', externalId: 'harbour', text: 'The harbour master keeps the tide tables.' });
    await addDocument(running, { workspace: WORKSPACE, title: 'Pier', externalId: 'pier', text: 'The pier was closed in May.' });
    expect(await found('Who keeps the tide tables?')).toContain('harbour');
  }, 60_000);
  afterAll(async () => {
    await disk.free();
    await running.close();
    await model.stop();
    await disk.unmount();
  });

  /** The documents that a question finds, sorted. */
  const found = async (query: string): Promise<string[]> => {
    const { status, body } = await running.call('post', '/retrieve').send({ query, workspace: WORKSPACE });
    expect(status).toBe(200);
    return (body as { passages: { externalId: string }[] }).passages.map(({ externalId }) => externalId).sort();
  };
  const ready = async (): Promise<number> => (await running.call('get', '/health/ready', null)).status;
  const fileTier = async (): Promise<CacheReport['details']['cache']['tiers']['file']> => ((await running.call('get', '/health')).body as CacheReport).details.cache.tiers.file;
  const ended = async (jobId: string): Promise<{ state: string; errors: unknown[] }> => {
    for (;;) {
      const job = (await running.call('get', `/jobs/${jobId}`)).body as { state: string; errors: unknown[] };
      if (job.state !== 'queued' && job.state !== 'running') return job;
      await delay(10);
    }
  };
  const add = (externalId: string) => running.call('post', '/documents').send({ workspace: WORKSPACE, title: externalId, externalId, text: `Ship ${externalId} lies at the quay. `.repeat(2000) });

  it('goes on answering, takes nothing in and says so, and recovers', async () => {
    expect(await ready()).toBe(200);
    await disk.fill();

    const { hits } = await fileTier();
    expect(await found('Who keeps the tide tables?')).toContain('harbour');
    expect((await fileTier()).hits - hits).toBe(1);
    // A question that is not in the cache yet cannot be kept, but is answered.
    expect(await found('When was the pier closed?')).toContain('pier');
    expect(await found('Who keeps the tide tables?')).toContain('harbour');
    expect((await fileTier()).hits - hits).toBe(2);
    expect(model.requests.filter(({ body }) => JSON.stringify(body['input']).includes('Who keeps'))).toHaveLength(1);

    // Whoever had to delete may have made room by the reserve.
    await disk.fill();
    const refused = await add('refused');
    expect([refused.status, refused.body]).toEqual([507, expect.objectContaining({ code: 'disk-full', remedy: expect.stringContaining('Free space') })]);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(await ready()).toBe(503);
    expect((await running.call('get', '/health/live', null)).status).toBe(200);
    expect((await running.call('get', `/documents/${documentId}?workspace=${WORKSPACE}`)).status).toBe(200);

    expect(await found('When was the pier closed?')).toContain('pier');

    await disk.free();
    expect(await ready()).toBe(200);
    await addDocument(running, { workspace: WORKSPACE, title: 'Quay', externalId: 'quay', text: 'The quay is of granite.' });
    const { body } = await running.call('get', `/documents?workspace=${WORKSPACE}`);
    expect((body as { documents: { externalId: string }[] }).documents.map(({ externalId }) => externalId).sort()).toEqual(['harbour', 'pier', 'quay']);
    while ((await fileTier()).state !== 'up');
  }, 60_000);

  it('ends a job whose disk fills up under it with that error, lets a document be deleted, and does the job when it is asked again', async () => {
    model.next({ kind: 'hold' });
    const accepted = await running.call('post', '/documents').send({ workspace: WORKSPACE, title: 'Mole', externalId: 'mole', text: 'The mole was raised by a yard.' });
    const { jobId } = accepted.body as { jobId: string };
    await model.until(() => model.requests.some(({ body }) => JSON.stringify(body['input']).includes('mole was raised')));
    await disk.fill();
    model.release();
    const failed = await ended(jobId);
    expect([failed.state, failed.errors]).toEqual(['failed', [expect.objectContaining({ code: 'disk-full' })]]);

    expect((await running.call('delete', `/documents/${documentId}?workspace=${WORKSPACE}`)).status).toBe(204);
    expect((await running.call('get', `/documents/${documentId}?workspace=${WORKSPACE}`)).status).toBe(404);
    expect(await found('Who keeps the tide tables?')).not.toContain('harbour');

    await disk.free();
    expect((await running.call('post', `/jobs/${jobId}/retry`)).status).toBe(202);
    expect(await ended(jobId)).toMatchObject({ state: 'completed' });
    expect(await found('Who raised the mole?')).toContain('mole');
  }, 60_000);
});
