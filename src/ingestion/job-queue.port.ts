/** The right to work on a job for a while. */
export interface JobLease {
  readonly jobId: string;
  /** Tells this lease from earlier ones of the same job. */
  readonly token: string;
}

/**
 * Hands jobs to whoever works on them, each to one at a time, in the order in which they were dispatched. The queue knows ids only;
 * the truth about a job is its record. A lease whose owner is known to be gone is free at once, every other 10 s after it was taken
 * or last extended.
 *
 * Methods throw StorageError `store-unavailable`.
 */
export abstract class JobQueue {
  /** Puts a job at the end of the queue; one that is queued already stays where it is. */
  abstract dispatch(jobId: string): Promise<void>;

  /** A lease on the first job that nobody works on; nothing if there is none. */
  abstract next(): Promise<JobLease | undefined>;

  /** Keeps the lease for another 10 s; false if it was lost: then the work has to stop, someone else does it. */
  abstract extend(lease: JobLease): Promise<boolean>;

  /**
   * Takes the job out of the queue; nothing happens if the lease was lost. If the store is away, the job is free at once for the same
   * owner, as after `release`.
   */
  abstract done(lease: JobLease): Promise<void>;

  /**
   * Lets someone else take the job at once; nothing happens if the lease was lost. If the store is away, the owner itself may take it
   * at once, others when the lease is over.
   */
  abstract release(lease: JobLease): Promise<void>;
}

/** How long a lease lasts, in milliseconds. */
export const LEASE_MS = 10_000;
