import { JobService } from '../../src/ingestion/job.service.ts';
import { RecordStore } from '../../src/storage/record-store.port.ts';
import { SYSTEM_SCOPE } from '../../src/storage/storage.types.ts';
import { finishedJob } from './finished-job.ts';
import { type RunningApp, startApp } from './start-app.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

/** Enough text to be at work on for a while. */
const LONG = Array.from({ length: 20_000 }, (_, i) => `Sentence number ${String(i)} tells of Person${String(i % 977)} in Town${String(i % 463)}.\n\n`).join('');

describe('jobs', () => {
  let service: RunningApp;
  let key: string;

  beforeAll(async () => {
    service = await startApp();
    key = await service.keyFor('library', 'write');
  }, 30_000);

  afterAll(() => service.close());

  const start = async (text: string, externalId: string): Promise<string> => {
    const response = await service.call('post', '/documents', key).send({ title: 'T', text, externalId });
    return (response.body as { jobId: string }).jobId;
  };
  const codeOf = async (test: ReturnType<RunningApp['call']>): Promise<[number, unknown]> => {
    const response = await test;
    return [response.status, (response.body as { code?: unknown }).code];
  };

  it('tells a job in the agreed shape, and ends its stream with done', async () => {
    const jobId = await start('Some text.', 'shape');
    await finishedJob(service, jobId, key);
    const { body } = await service.call('get', `/jobs/${jobId}`, key);
    expect(body).toEqual({
      id: jobId,
      workspace: 'library',
      state: 'completed',
      progress: { done: 10, total: 10, unit: 'bytes' },
      counts: { added: 1, updated: 0, unchanged: 0, skipped: 0, failed: 0, chunks: 1, modelCalls: 0 },
      errors: [],
      documentIds: [expect.any(String)],
    });
  });

  it('cancels a job at work, of which nothing is visible, and does it on a retry', async () => {
    const jobId = await start(LONG, 'long');
    const cancelled = await service.call('post', `/jobs/${jobId}/cancel`, key);
    expect(cancelled.status).toBe(200);
    expect((await finishedJob(service, jobId, key)).state).toBe('cancelled');
    const list = (await service.call('get', '/documents', key)).body as { documents: { externalId: string }[] };
    expect(list.documents.map(({ externalId }) => externalId)).not.toContain('long');
    expect(await codeOf(service.call('post', `/jobs/${jobId}/cancel`, key))).toEqual([409, 'job-not-cancellable']);
    expect((await service.call('post', `/jobs/${jobId}/retry`, key)).status).toBe(202);
    const done = await finishedJob(service, jobId, key);
    expect([done.state, done.counts.added]).toEqual(['completed', 1]);
    expect(done.counts.chunks).toBeGreaterThan(100);
    expect(await codeOf(service.call('post', `/jobs/${jobId}/retry`, key))).toEqual([409, 'job-not-retryable']);
  }, 60_000);

  it('is failed when nothing of it could be read, and says why', async () => {
    const response = await service.call('post', '/documents', key).attach('file', Buffer.from('%PDF-1.7 …'), 'paper.pdf');
    const job = await finishedJob(service, (response.body as { jobId: string }).jobId, key);
    expect(job).toMatchObject({ state: 'failed', errors: [{ source: 'paper.pdf', code: 'document-malformed' }] });
  });

  it('shows jobs only to those who see their workspace', async () => {
    const jobId = await start('Some other text.', 'private');
    const stranger = await service.keyFor('elsewhere', 'admin');
    for (const path of [`/jobs/${jobId}`, '/jobs/unknown', '/jobs/..%2F..%2Fguide']) {
      expect(await codeOf(service.call('get', path, stranger))).toEqual([404, 'job-not-found']);
    }
    const reader = await service.keyFor('library', 'read');
    expect((await service.call('get', `/jobs/${jobId}`, reader)).status).toBe(200);
    expect(await codeOf(service.call('post', `/jobs/${jobId}/cancel`, reader))).toEqual([403, 'right-missing']);
    await finishedJob(service, jobId, key);
  });
});

describe('jobs over a restart', () => {
  it('does by itself what was under way when the service stopped', async () => {
    const folder = await temporaryFolder();
    const first = await startApp({ DATA_DIR: folder.path });
    const key = await first.keyFor('library', 'write');
    const response = await first.call('post', '/documents', key).send({ title: 'T', text: LONG, externalId: 'long' });
    const { jobId } = response.body as { jobId: string };
    await first.close();
    const second = await startApp({ DATA_DIR: folder.path });
    try {
      const job = await finishedJob(second, jobId, key);
      expect([job.state, job.counts.added]).toEqual(['completed', 1]);
    } finally {
      await second.close();
      await folder.remove();
    }
  }, 60_000);

  it('finds a job whose place in the queue a crash has lost', async () => {
    const folder = await temporaryFolder();
    const first = await startApp({ DATA_DIR: folder.path });
    const key = await first.keyFor('library', 'write');
    const jobs = first.app.get(JobService, { strict: false });
    const response = await first.call('post', '/documents', key).send({ title: 'T', text: 'Some text.' });
    const { jobId } = response.body as { jobId: string };
    await finishedJob(first, jobId, key);
    const record = { ...(await jobs.get(jobId)), state: 'running', inputs: [] } as const;
    await first.app.get(RecordStore, { strict: false }).put(SYSTEM_SCOPE, `jobs/${jobId}`, JSON.parse(JSON.stringify(record)) as never);
    await first.close();
    const second = await startApp({ DATA_DIR: folder.path });
    try {
      expect((await finishedJob(second, jobId, key)).state).toBe('completed');
    } finally {
      await second.close();
      await folder.remove();
    }
  }, 60_000);
});
