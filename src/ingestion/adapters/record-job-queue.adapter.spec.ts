import { hostname } from 'node:os';
import { jest } from '@jest/globals';
import { describeJobQueue } from '../../../test/contract/job-queue.contract.ts';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { FakeJobQueue } from '../../../test/fakes/fake-job-queue.ts';
import { FakeRecordStore } from '../../../test/fakes/fake-record-store.ts';
import { RandomIdSource } from '../../common/clock/random-id-source.ts';
import { StorageError } from '../../storage/storage.errors.ts';
import { SYSTEM_SCOPE } from '../../storage/storage.types.ts';
import { isGone } from './lease-owner.ts';
import { RecordJobQueue } from './record-job-queue.adapter.ts';

function nothing(): Promise<void> {
  return Promise.resolve();
}

describeJobQueue('RecordJobQueue', () => {
  const clock = new FakeClock();
  const records = new FakeRecordStore(clock);
  const ids = new RandomIdSource();
  return Promise.resolve({ one: new RecordJobQueue(records, clock, ids), other: new RecordJobQueue(records, clock, ids), clock, stop: nothing });
});

describeJobQueue('FakeJobQueue', () => {
  const clock = new FakeClock();
  const queue = new FakeJobQueue(clock);
  return Promise.resolve({ one: queue, other: queue, clock, stop: nothing });
});

describe('RecordJobQueue', () => {
  it('takes the job of a process that is gone at once', async () => {
    const clock = new FakeClock();
    const records = new FakeRecordStore(clock);
    const queue = new RecordJobQueue(records, clock, new RandomIdSource());
    await queue.dispatch('a');
    await queue.next();
    const [record] = (await records.list(SYSTEM_SCOPE, 'job-queue/')).records;
    const value = record?.value as { lease: { owner: object } };
    // No process has this id: it is above what kernels give out.
    const gone = { ...value, lease: { ...value.lease, owner: { ...value.lease.owner, pid: 2 ** 30 } } };
    await records.put(SYSTEM_SCOPE, record?.key ?? '', gone);
    expect((await queue.next())?.jobId).toBe('a');
  });

  it.each(['release', 'done'] as const)('does not keep a job from its owner when the store was away for its %s', async (way) => {
    const clock = new FakeClock();
    const records = new FakeRecordStore(clock);
    const [one, other] = [new RecordJobQueue(records, clock, new RandomIdSource()), new RecordJobQueue(records, clock, new RandomIdSource())];
    await one.dispatch('a');
    const lease = await one.next();
    if (lease === undefined) throw new Error('no lease');
    const away = jest.spyOn(records, 'get').mockRejectedValue(new StorageError('store-unavailable', 'away', { retryable: true }));
    await expect(one[way](lease)).rejects.toThrow('away');
    away.mockRestore();
    expect(await other.next()).toBeUndefined();
    expect((await one.next())?.jobId).toBe('a');
    expect(await one.next()).toBeUndefined();
  });

  it('takes a job anew that it took without hearing of it', async () => {
    const clock = new FakeClock();
    const records = new FakeRecordStore(clock);
    const queue = new RecordJobQueue(records, clock, new RandomIdSource());
    await queue.dispatch('a');
    const put = records.put.bind(records);
    const broken = jest.spyOn(records, 'put').mockImplementationOnce(async (...args) => {
      await put(...args);
      throw new StorageError('store-unavailable', 'broke while it committed', { retryable: true });
    });
    await expect(queue.next()).rejects.toThrow('broke');
    broken.mockRestore();
    expect((await queue.next())?.jobId).toBe('a');
  });

  it('knows owners of this process by instance, of others by their process, and of other machines nothing', () => {
    const owner = { host: hostname(), pid: process.pid, instance: 'of an earlier start with the same process id' };
    expect(isGone(owner)).toBe(true);
    expect(isGone({ ...owner, pid: process.ppid })).toBe(false);
    expect(isGone({ ...owner, host: `not-${hostname()}`, pid: 2 ** 30 })).toBe(false);
  });
});
