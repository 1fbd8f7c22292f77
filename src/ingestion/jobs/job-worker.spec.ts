import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { FakeRecordStore } from '../../../test/fakes/fake-record-store.ts';
import { RecordedLogs } from '../../../test/fakes/recorded-logs.ts';
import type { WorkspaceStore } from '../../graph/workspace-store.port.ts';
import { StorageError } from '../../storage/storage.errors.ts';
import { JobRecords } from './job-records.ts';
import type { JobTasks } from './job-tasks.ts';
import { JobWorker } from './job-worker.ts';
import { type Job, NO_COUNTS } from './job.types.ts';

const JOB: Job = {
  id: 'a', workspace: 'library', workspaceUid: 'w1', task: 'ingest', state: 'queued', progress: { done: 0, total: 1, unit: 'bytes' }, counts: NO_COUNTS, errors: [], documentIds: [],
  inputs: [], cancelRequested: false, attempts: 0, createdAt: '2026-01-01T00:00:00.000Z',
};

describe('JobWorker', () => {
  let logs: RecordedLogs;
  beforeEach(() => {
    logs = new RecordedLogs();
  });
  afterEach(() => {
    logs.stop();
  });

  const failing = async (failure: Error): Promise<{ work: () => Promise<Job>; records: JobRecords }> => {
    const clock = new FakeClock();
    const records = new JobRecords(new FakeRecordStore(clock));
    await records.create(JOB);
    const tasks = { do: () => Promise.reject(failure) } as unknown as JobTasks;
    const workspaces = { find: () => Promise.resolve({ slug: 'library', uid: 'w1' }) } as unknown as WorkspaceStore;
    const worker = new JobWorker(records, tasks, workspaces, clock);
    return { work: () => worker.work('a', () => undefined, new AbortController().signal), records };
  };

  it('leaves a job that found the store away to be done later, three times at most', async () => {
    const away = new StorageError('store-unavailable', 'The store is away.', { retryable: true });
    const { work, records } = await failing(away);
    for (let attempt = 1; attempt < 3; attempt += 1) {
      await expect(work()).rejects.toBe(away);
      expect(await records.get('a')).toMatchObject({ state: 'running', attempts: attempt, errors: [] });
    }
    expect(await work()).toMatchObject({ state: 'failed', errors: [{ code: 'store-unavailable', message: 'The store is away.' }] });
    expect(logs.texts('warn')).toEqual(['a job failed']);
  });

  it('ends a job that failed for a reason that stays', async () => {
    const { work } = await failing(new StorageError('disk-full', 'The disk is full.'));
    expect(await work()).toMatchObject({ state: 'failed', attempts: 1, errors: [{ code: 'disk-full' }] });
  });
});
