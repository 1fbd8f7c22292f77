import type { Clock } from '../../src/common/clock/clock.port.ts';
import { type JobLease, JobQueue, LEASE_MS } from '../../src/ingestion/job-queue.port.ts';

interface Place {
  token: string | undefined;
  until: number;
}

/** A queue in memory, for all who share the object. */
export class FakeJobQueue extends JobQueue {
  readonly #places = new Map<string, Place>();
  #tokens = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  override dispatch(jobId: string): Promise<void> {
    if (!this.#places.has(jobId)) this.#places.set(jobId, { token: undefined, until: 0 });
    return Promise.resolve();
  }

  override next(): Promise<JobLease | undefined> {
    for (const [jobId, place] of this.#places) {
      if (place.token !== undefined && place.until > this.clock.now()) continue;
      this.#tokens += 1;
      const token = String(this.#tokens);
      this.#places.set(jobId, { token, until: this.clock.now() + LEASE_MS });
      return Promise.resolve({ jobId, token });
    }
    return Promise.resolve(undefined);
  }

  override extend(lease: JobLease): Promise<boolean> {
    const place = this.#held(lease);
    if (place !== undefined) place.until = this.clock.now() + LEASE_MS;
    return Promise.resolve(place !== undefined);
  }

  override done(lease: JobLease): Promise<void> {
    if (this.#held(lease) !== undefined) this.#places.delete(lease.jobId);
    return Promise.resolve();
  }

  override release(lease: JobLease): Promise<void> {
    const place = this.#held(lease);
    if (place !== undefined) place.token = undefined;
    return Promise.resolve();
  }

  #held({ jobId, token }: JobLease): Place | undefined {
    const place = this.#places.get(jobId);
    return place?.token === token ? place : undefined;
  }
}
