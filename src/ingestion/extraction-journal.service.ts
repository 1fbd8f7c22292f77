import { Injectable } from '@nestjs/common';
import { IdSource } from '../common/clock/id-source.port.ts';
import type { Extraction, WorkspaceRef } from '../graph/graph.types.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { type JsonValue, type RecordOperation, workspaceScope } from '../storage/storage.types.ts';

const PREFIX = 'journal/';
/** An answer that no run came back for is kept so long. */
const TTL_MS = 7 * 86_400_000;
/** Answers and records of one transaction, and records of one look-up, of the record store. */
const AT_ONCE = 100;
/** Writes under way at once; what comes meanwhile goes into the next one together. */
const WRITES_AT_ONCE = 2;
/** What goes into one record stays well below what a record may hold. */
const MAX_RECORD_UNITS = 300_000;

/** An answer and the key it is kept under. */
export interface JournalEntry {
  readonly key: string;
  readonly extraction: Extraction;
}

interface Waiting {
  /** Answers to be kept. */
  readonly entries: readonly JournalEntry[];
  /** Records to be deleted. */
  readonly gone: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes of a workspace under way, and those that wait for them. */
interface Line {
  readonly waiting: Waiting[];
  working: number;
}

/** Where the answers of a workspace are, as far as this process knows. */
interface Index {
  /** The record that holds a key. */
  readonly recordOf: Map<string, string>;
  /** The keys of a record that are still needed. */
  readonly keysOf: Map<string, Set<string>>;
}

type Kept = readonly (readonly [key: string, extraction: Extraction])[];

/**
 * What models answered about chunks that are not published yet. An answer is durable here before anything else is done with it, so a run
 * that is killed has paid for nothing twice: the next one finds it. What calls answered that end at once is one record, written in one small
 * step. A record goes when all documents it has answers for are published, which keep their own extractions, and otherwise after 7 days.
 */
@Injectable()
export class ExtractionJournal {
  readonly #lines = new Map<string, Line>();
  readonly #indexes = new Map<string, Index>();

  constructor(
    private readonly records: RecordStore,
    private readonly ids: IdSource,
  ) {}

  /** Finds out what runs before this one, here or elsewhere, have left. To be called when a run begins. @throws StorageError */
  async open(workspace: WorkspaceRef): Promise<void> {
    const index = this.#index(workspace);
    for (let cursor: string | undefined; ; ) {
      const page = await this.records.list(workspaceScope(workspace), PREFIX, { limit: AT_ONCE, ...(cursor === undefined ? {} : { cursor }) });
      for (const { key, value } of page.records) note(index, key, (value as unknown as Kept).map(([name]) => name));
      if (page.nextCursor === undefined) return;
      cursor = page.nextCursor;
    }
  }

  /** The answers there are, by key. @throws StorageError */
  async find(workspace: WorkspaceRef, keys: readonly string[]): Promise<ReadonlyMap<string, Extraction>> {
    const { recordOf } = this.#index(workspace);
    const wanted = new Set(keys.filter((key) => recordOf.has(key)));
    const names = [...new Set([...wanted].flatMap((key) => recordOf.get(key) ?? []))];
    const found = new Map<string, Extraction>();
    for (let i = 0; i < names.length; i += AT_ONCE) {
      for (const { value } of await this.records.getMany(workspaceScope(workspace), names.slice(i, i + AT_ONCE))) {
        for (const [key, extraction] of value as unknown as Kept) if (wanted.has(key)) found.set(key, extraction);
      }
    }
    return found;
  }

  /** Keeps what one call answered; it is durable when the promise resolves. Calls that end at once go in together. @throws StorageError */
  async keep(workspace: WorkspaceRef, entries: readonly JournalEntry[]): Promise<void> {
    await this.#write(workspace, { entries, gone: [] });
  }

  /** Forgets answers that are not needed any longer. @throws StorageError */
  async forget(workspace: WorkspaceRef, keys: readonly string[]): Promise<void> {
    const { recordOf, keysOf } = this.#index(workspace);
    const gone: string[] = [];
    for (const key of keys) {
      const record = recordOf.get(key);
      const left = record === undefined ? undefined : keysOf.get(record);
      recordOf.delete(key);
      left?.delete(key);
      if (record === undefined || left?.size !== 0) continue;
      keysOf.delete(record);
      gone.push(record);
    }
    for (let i = 0; i < gone.length; i += AT_ONCE) await this.#write(workspace, { entries: [], gone: gone.slice(i, i + AT_ONCE) });
  }

  #index({ uid }: WorkspaceRef): Index {
    const index = this.#indexes.get(uid) ?? { recordOf: new Map<string, string>(), keysOf: new Map<string, Set<string>>() };
    this.#indexes.set(uid, index);
    return index;
  }

  #write(workspace: WorkspaceRef, change: Pick<Waiting, 'entries' | 'gone'>): Promise<void> {
    if (change.entries.length + change.gone.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const line = this.#lines.get(workspace.uid) ?? { waiting: [], working: 0 };
      this.#lines.set(workspace.uid, line);
      line.waiting.push({ ...change, resolve, reject });
      // The event loop may be too busy with the answers of other calls to hear that a write has ended, so the next does not wait for that.
      if (line.working < WRITES_AT_ONCE) void this.#work(workspace, line);
    });
  }

  async #work(workspace: WorkspaceRef, line: Line): Promise<void> {
    line.working += 1;
    while (line.waiting.length > 0) {
      const group = takeGroup(line.waiting);
      try {
        await this.#transact(workspace, group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    line.working -= 1;
    if (line.working === 0) this.#lines.delete(workspace.uid);
  }

  async #transact(workspace: WorkspaceRef, group: readonly Waiting[]): Promise<void> {
    const parts = partsOf(group.flatMap(({ entries }) => entries)).map((part) => ({ key: `${PREFIX}${this.ids.uuid()}`, part }));
    const puts = parts.map(({ key, part }): RecordOperation => ({ kind: 'put', key, value: part as unknown as JsonValue, ttlMs: TTL_MS }));
    await this.records.transact(workspaceScope(workspace), [...puts, ...group.flatMap(({ gone }) => gone.map(deletion))]);
    const index = this.#index(workspace);
    for (const { key, part } of parts) note(index, key, part.map(([name]) => name));
  }
}

/** A record's deletion. */
function deletion(key: string): RecordOperation {
  return { kind: 'delete', key };
}

function note({ recordOf, keysOf }: Index, record: string, keys: readonly string[]): void {
  const fresh = keys.filter((key) => !recordOf.has(key));
  if (fresh.length > 0) keysOf.set(record, new Set(fresh));
  for (const key of fresh) recordOf.set(key, record);
}

/** What goes into one record each; as much as one may hold. */
function partsOf(entries: readonly JournalEntry[]): Kept[] {
  const parts: (readonly [string, Extraction])[][] = [];
  let room = 0;
  for (const { key, extraction } of entries) {
    const units = entries.length === 1 ? 0 : JSON.stringify(extraction).length;
    if (units > room) {
      parts.push([]);
      room = MAX_RECORD_UNITS;
    }
    if (parts.length === 0) parts.push([]);
    room -= units;
    parts.at(-1)?.push([key, extraction]);
  }
  return parts;
}

/** From the front of the line what fits one transaction; at least one. */
function takeGroup(line: Waiting[]): Waiting[] {
  let count = 0;
  const end = line.findIndex(({ entries, gone }) => {
    count += entries.length + gone.length;
    return count > AT_ONCE;
  });
  return line.splice(0, end === -1 ? line.length : Math.max(1, end));
}
