import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock/clock.port.ts';
import { IdSource } from '../../common/clock/id-source.port.ts';
import { RecordStore } from '../../storage/record-store.port.ts';
import { StorageError } from '../../storage/storage.errors.ts';
import { type JsonValue, type StoredRecord, SYSTEM_SCOPE } from '../../storage/storage.types.ts';
import { type JobLease, JobQueue, LEASE_MS } from '../job-queue.port.ts';
import { isGone, type LeaseOwner, newOwner } from './lease-owner.ts';

/** A place in the queue. `places/<job>` holds the key of the place, so that a job has one only. */
interface Place {
  readonly jobId: string;
  readonly lease?: { readonly token: string; readonly owner: LeaseOwner; readonly until: number };
}

const QUEUE = 'job-queue/';
const PLACES = 'job-places/';
const PAGE = 200;

/** A queue of leases in the record store: needs no server and is shared by all processes that share the records. */
@Injectable()
export class RecordJobQueue extends JobQueue {
  readonly #owner: LeaseOwner;
  /** Tokens of the leases this owner works on. Others that bear its name are what a store that was away kept of a release or a take. */
  readonly #tokens = new Set<string>();

  constructor(
    private readonly records: RecordStore,
    private readonly clock: Clock,
    private readonly ids: IdSource,
  ) {
    super();
    this.#owner = newOwner(ids.uuid());
  }

  override async dispatch(jobId: string): Promise<void> {
    const key = `${QUEUE}${String(this.clock.now()).padStart(15, '0')}-${this.ids.uuid()}`;
    await unlessConflict(
      this.records.transact(SYSTEM_SCOPE, [
        { kind: 'put', key: PLACES + jobId, value: key, ifVersion: 0 },
        { kind: 'put', key, value: asJson({ jobId }), ifVersion: 0 },
      ]),
    );
  }

  override async next(): Promise<JobLease | undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.records.list(SYSTEM_SCOPE, QUEUE, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const record of page.records.filter((each) => this.#isFree(placeOf(each)))) {
        const lease = await this.#take(record);
        if (lease !== undefined) return lease;
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return undefined;
  }

  override async extend(lease: JobLease): Promise<boolean> {
    const held = await this.#held(lease);
    if (held === undefined) return false;
    const value = asJson({ jobId: lease.jobId, lease: this.#leaseOf(lease.token) });
    return await unlessConflict(this.records.put(SYSTEM_SCOPE, held.key, value, { ifVersion: held.version }));
  }

  override async done(lease: JobLease): Promise<void> {
    await this.#giveUp(lease, (held) =>
      this.records.transact(SYSTEM_SCOPE, [
        { kind: 'delete', key: held.key, ifVersion: held.version },
        { kind: 'delete', key: PLACES + lease.jobId },
      ]),
    );
  }

  override async release(lease: JobLease): Promise<void> {
    await this.#giveUp(lease, (held) => this.records.put(SYSTEM_SCOPE, held.key, asJson({ jobId: lease.jobId }), { ifVersion: held.version }));
  }

  async #take(record: StoredRecord): Promise<JobLease | undefined> {
    const { jobId } = placeOf(record);
    const token = this.ids.uuid();
    const value = asJson({ jobId, lease: this.#leaseOf(token) });
    // Before it is written: another worker of this process may read it before this one hears that it is.
    this.#tokens.add(token);
    let taken = false;
    try {
      taken = await unlessConflict(this.records.put(SYSTEM_SCOPE, record.key, value, { ifVersion: record.version }));
    } finally {
      if (!taken) this.#tokens.delete(token);
    }
    return taken ? { jobId, token } : undefined;
  }

  /** Whether or not the store hears of it, nobody works on the job any longer. */
  async #giveUp(lease: JobLease, write: (held: StoredRecord) => Promise<unknown>): Promise<void> {
    try {
      const held = await this.#held(lease);
      if (held !== undefined) await unlessConflict(write(held));
    } finally {
      this.#tokens.delete(lease.token);
    }
  }

  async #held(lease: JobLease): Promise<StoredRecord | undefined> {
    const key = (await this.records.get(SYSTEM_SCOPE, PLACES + lease.jobId))?.value;
    const record = typeof key === 'string' ? await this.records.get(SYSTEM_SCOPE, key) : undefined;
    return record !== undefined && placeOf(record).lease?.token === lease.token ? record : undefined;
  }

  #leaseOf(token: string): NonNullable<Place['lease']> {
    return { token, owner: this.#owner, until: this.clock.now() + LEASE_MS };
  }

  #isFree({ lease }: Place): boolean {
    if (lease === undefined || lease.until <= this.clock.now() || isGone(lease.owner)) return true;
    return lease.owner.instance === this.#owner.instance && !this.#tokens.has(lease.token);
  }
}

function placeOf(record: StoredRecord): Place {
  return record.value as unknown as Place;
}

function asJson(place: Place): JsonValue {
  return place as unknown as JsonValue;
}

/** False if someone else was faster. */
async function unlessConflict(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'record-conflict') return false;
    throw error;
  }
}
