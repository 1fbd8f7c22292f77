import { type JobQueue, LEASE_MS } from '../../src/ingestion/job-queue.port.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';

/** Two owners of one queue, on one clock. */
export interface JobQueueSubject {
  readonly one: JobQueue;
  readonly other: JobQueue;
  readonly clock: FakeClock;
  stop(): Promise<void>;
}

/** What every JobQueue does. */
export function describeJobQueue(name: string, open: () => Promise<JobQueueSubject>): void {
  describe(`${name} as a JobQueue`, () => {
    let subject: JobQueueSubject;
    let one: JobQueue;
    let other: JobQueue;
    const pass = (ms: number): void => {
      subject.clock.setNow(subject.clock.now() + ms);
    };

    beforeEach(async () => {
      subject = await open();
      ({ one, other } = subject);
    });
    afterEach(() => subject.stop());

    it('has nothing to do at first', async () => {
      expect(await one.next()).toBeUndefined();
    });

    it('hands jobs out in the order of their dispatch, each to one', async () => {
      for (const id of ['c', 'a', 'b']) {
        await one.dispatch(id);
        pass(1);
      }
      expect((await one.next())?.jobId).toBe('c');
      expect((await other.next())?.jobId).toBe('a');
      expect((await one.next())?.jobId).toBe('b');
      expect(await other.next()).toBeUndefined();
    });

    it('gives a job to one of many that ask at once', async () => {
      await one.dispatch('a');
      const leases = await Promise.all([one.next(), other.next(), one.next(), other.next()]);
      expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('keeps a job that is queued in its place', async () => {
      await one.dispatch('a');
      pass(1);
      await one.dispatch('b');
      pass(1);
      await other.dispatch('a');
      expect((await one.next())?.jobId).toBe('a');
      expect((await one.next())?.jobId).toBe('b');
      expect(await one.next()).toBeUndefined();
    });

    it('replaces an owner that does not extend, and tells it', async () => {
      await one.dispatch('a');
      const lease = await one.next();
      if (lease === undefined) throw new Error('no lease');
      pass(LEASE_MS - 1);
      expect(await other.next()).toBeUndefined();
      expect(await one.extend(lease)).toBe(true);
      pass(LEASE_MS - 1);
      expect(await other.next()).toBeUndefined();
      pass(1);
      const taken = await other.next();
      expect(taken?.jobId).toBe('a');
      expect(await one.extend(lease)).toBe(false);
      await one.done(lease);
      await one.release(lease);
      expect(await other.extend(taken ?? lease)).toBe(true);
    });

    it('is done with a job, which may then be dispatched anew', async () => {
      await one.dispatch('a');
      const lease = await one.next();
      if (lease === undefined) throw new Error('no lease');
      await one.done(lease);
      pass(2 * LEASE_MS);
      expect(await other.next()).toBeUndefined();
      await one.dispatch('a');
      expect((await other.next())?.jobId).toBe('a');
    });

    it('gives a released job to the next who asks, at once', async () => {
      await one.dispatch('a');
      const lease = await one.next();
      if (lease === undefined) throw new Error('no lease');
      await one.release(lease);
      expect((await other.next())?.jobId).toBe('a');
    });
  });
}
