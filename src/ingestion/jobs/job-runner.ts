import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import { type JobLease, JobQueue, LEASE_MS } from '../job-queue.port.ts';
import { JobService } from '../job.service.ts';
import { JobRecords } from './job-records.ts';
import { JobCancelled, JobWorker } from './job-worker.ts';
import { isEnded, type Job, type JobProgress } from './job.types.ts';
import { UploadBlobs } from './upload-blobs.ts';

/** Jobs worked on at once. */
const WORKERS = 2;
/** How often an idle worker looks for a job that another process dispatched, in milliseconds. */
const IDLE_MS = 500;
/** How often a worker looks whether its job was cancelled, and tells its progress, in milliseconds. */
const BEAT_MS = 500;
/** A store that is away is asked again after this, in milliseconds. */
const PAUSE_MS = 2000;

/** The records and uploads of jobs. */
@Injectable()
export class JobRunnerParts {
  constructor(
    readonly records: JobRecords,
    readonly uploads: UploadBlobs,
  ) {}
}

/** Takes jobs from the queue and has them done, for as long as the service runs. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(JobRunner.name);
  readonly #stop = new AbortController();
  #loops: Promise<void>[] = [];

  constructor(
    private readonly queue: JobQueue,
    private readonly parts: JobRunnerParts,
    private readonly jobs: JobService,
    private readonly worker: JobWorker,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#loops = [this.#recover(), ...Array.from({ length: WORKERS }, () => this.#loop())];
  }

  /** New jobs wait for the next start; those under way are given back. */
  onModuleDestroy(): void {
    this.#stop.abort(new DOMException('The service is stopping.', 'AbortError'));
    this.jobs.dispatched.call();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#loops);
  }

  /** Queues what a crash left between a job's record and its place in the queue. */
  async #recover(): Promise<void> {
    try {
      for await (const job of this.parts.records.all()) {
        if (this.#stop.signal.aborted) return;
        if (!isEnded(job)) await this.queue.dispatch(job.id);
      }
      await this.parts.uploads.sweep();
      this.jobs.dispatched.call();
    } catch (error) {
      this.logger.warn({ err: error }, 'jobs and uploads that a crash left could not be looked for');
    }
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const lease = await this.queue.next();
        if (lease === undefined) await this.jobs.dispatched.wait(this.clock, IDLE_MS, signal);
        else await this.#do(lease);
      } catch (error) {
        this.logger.warn({ err: error }, 'a job could not be worked on; trying again');
        await this.clock.sleep(PAUSE_MS, signal).catch(() => undefined);
      }
    }
  }

  async #do(lease: JobLease): Promise<void> {
    const cancel = new AbortController();
    const signal = AbortSignal.any([cancel.signal, this.#stop.signal]);
    const beat = new Heartbeat(lease, { queue: this.queue, records: this.parts.records, clock: this.clock });
    const beating = beat.run(cancel);
    try {
      const job = await this.worker.work(lease.jobId, (progress) => { beat.progress = progress; }, signal);
      await this.#close(lease, job);
    } catch (error) {
      // Whoever comes next does it: this process, now or after its restart, or another one.
      await this.#release(lease);
      if (!signal.aborted) throw error;
    } finally {
      beat.stop();
      await beating;
    }
  }

  async #release(lease: JobLease): Promise<void> {
    try {
      await this.queue.release(lease);
    } catch (error) {
      // What the work failed for is the one to tell.
      this.logger.warn({ err: error, jobId: lease.jobId }, 'a job could not be given back; its lease runs out');
    }
  }

  async #close(lease: JobLease, job: Job): Promise<void> {
    // What failed or was cancelled may be tried again, so its uploads stay as long as its record.
    if (job.state === 'completed') await this.parts.uploads.delete(job.inputs.map((input) => input.blob));
    await this.queue.done(lease);
    // A caller may have asked for another try just before its place in the queue went.
    const now = await this.parts.records.get(lease.jobId);
    if (!isEnded(now)) await this.queue.dispatch(now.id);
  }
}

/** Keeps a lease, writes a job's progress and hears of its cancellation while it is worked on. */
class Heartbeat {
  progress: JobProgress | undefined;
  readonly #lease: JobLease;
  readonly #parts: { readonly queue: JobQueue; readonly records: JobRecords; readonly clock: Clock };
  readonly #over = new AbortController();
  readonly #logger = new Logger(JobRunner.name);
  #extended: number;

  constructor(lease: JobLease, parts: { readonly queue: JobQueue; readonly records: JobRecords; readonly clock: Clock }) {
    this.#lease = lease;
    this.#parts = parts;
    this.#extended = parts.clock.monotonic();
  }

  stop(): void {
    this.#over.abort();
  }

  async run(cancel: AbortController): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await this.#parts.clock.sleep(BEAT_MS, signal).catch(() => undefined);
      // A function, because the signal changes while others work.
      if (this.#isOver()) return;
      try {
        await this.#beat(cancel);
      } catch (error) {
        this.#logger.warn({ err: error, jobId: this.#lease.jobId }, 'the progress of a job could not be told');
      }
    }
  }

  #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  async #beat(cancel: AbortController): Promise<void> {
    const { clock, queue, records } = this.#parts;
    if (clock.monotonic() - this.#extended >= LEASE_MS / 5) {
      if (!(await queue.extend(this.#lease))) cancel.abort(new DOMException('The job was taken over.', 'AbortError'));
      this.#extended = clock.monotonic();
    }
    const { progress } = this;
    const job = await records.update(this.#lease.jobId, (now) => (progress === undefined || isEnded(now) ? now : { ...now, progress }));
    this.progress = undefined;
    if (job.cancelRequested) cancel.abort(new JobCancelled());
  }
}
