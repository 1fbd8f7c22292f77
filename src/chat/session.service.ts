import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import type { WorkspaceRef } from '../graph/graph.types.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { StorageError } from '../storage/storage.errors.ts';
import { type RecordOperation, type StoredRecord, workspaceScope } from '../storage/storage.types.ts';
import { ChatError } from './chat.errors.ts';
import type { Session, SessionSummary, SessionTurn } from './session.types.ts';
import { headKey, headOf, ownerPrefix, type SessionHead, toJson, turnKey, turnOf, turnsPrefix } from './session-records.ts';

/** Turns kept of a session; with its head they are deleted in one transaction of at most 100 operations. */
export const MAX_TURNS = 50;
/** Turns that a new question is understood with. */
export const HISTORY_TURNS = 4;
/** A session is forgotten this long after its last question. */
const SESSION_TTL_MS = 90 * 86_400_000;
const TITLE_LENGTH = 120;
const ID = /^[A-Za-z0-9-]{1,64}$/;
/** How often a turn is tried again when another one of the same session was written meanwhile. */
const MAX_ATTEMPTS = 10;

/** Whose sessions a call is about: one person's in one workspace. */
export interface SessionOwner {
  readonly workspace: WorkspaceRef;
  readonly subject: string;
}

/** Conversations. They belong to who began them, within a workspace; anybody else's do not exist. */
@Injectable()
export class SessionService {
  constructor(
    private readonly records: RecordStore,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /**
   * The session a question belongs to, with its last turns, oldest first; a new one, not stored yet, when no id is given.
   * @throws ChatError `session-not-found`
   */
  async open(owner: SessionOwner, id: string | undefined): Promise<{ readonly id: string; readonly history: readonly SessionTurn[] }> {
    if (id === undefined) return { id: this.ids.uuid(), history: [] };
    const { turns } = headOf((await this.#head(owner, id)).value);
    const numbers = Array.from({ length: Math.min(HISTORY_TURNS, turns) }, (_, i) => Math.max(0, turns - HISTORY_TURNS) + i + 1);
    const scope = workspaceScope(owner.workspace);
    const found = await Promise.all(numbers.map((number) => this.records.get(scope, turnKey(owner.subject, id, number))));
    return { id, history: found.flatMap((record) => (record === undefined ? [] : [turnOf(record.value)])) };
  }

  /** Adds a turn, and the session itself with its first one. The oldest turns of a long session go. */
  async append(owner: SessionOwner, id: string, turn: Omit<SessionTurn, 'at'>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const head = await this.records.get(workspaceScope(owner.workspace), headKey(owner.subject, id));
      try {
        await this.records.transact(workspaceScope(owner.workspace), this.#appending(owner, id, { head, turn }));
        return;
      } catch (error) {
        const again = error instanceof StorageError && error.code === 'record-conflict' && attempt < MAX_ATTEMPTS;
        if (!again) throw error;
      }
    }
  }

  /** Sessions of the owner in the order of their ids, at most 100 a page. */
  async list(owner: SessionOwner, cursor?: string): Promise<{ readonly sessions: readonly SessionSummary[]; readonly nextCursor?: string }> {
    const prefix = ownerPrefix(owner.subject);
    const page = await this.records.list(workspaceScope(owner.workspace), prefix, cursor === undefined ? {} : { cursor });
    const sessions = page.records.map((record) => ({ id: record.key.slice(prefix.length), ...headOf(record.value) }));
    return { sessions, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) };
  }

  /** @throws ChatError `session-not-found` */
  async get(owner: SessionOwner, id: string): Promise<Session> {
    const head = headOf((await this.#head(owner, id)).value);
    const { records } = await this.records.list(workspaceScope(owner.workspace), turnsPrefix(owner.subject, id));
    return { ...head, id, turns: records.map((record) => turnOf(record.value)) };
  }

  /** @throws ChatError `session-not-found` */
  async delete(owner: SessionOwner, id: string): Promise<void> {
    const scope = workspaceScope(owner.workspace);
    await this.#head(owner, id);
    const { records } = await this.records.list(scope, turnsPrefix(owner.subject, id));
    const keys = [headKey(owner.subject, id), ...records.map((record) => record.key)];
    await this.records.transact(
      scope,
      keys.map((key) => ({ kind: 'delete', key })),
    );
  }

  async #head(owner: SessionOwner, id: string): Promise<StoredRecord> {
    const head = ID.test(id) ? await this.records.get(workspaceScope(owner.workspace), headKey(owner.subject, id)) : undefined;
    if (head === undefined) throw ChatError.sessionNotFound(id);
    return head;
  }

  #appending(owner: SessionOwner, id: string, { head, turn }: { head: StoredRecord | undefined; turn: Omit<SessionTurn, 'at'> }): RecordOperation[] {
    const at = new Date(this.clock.now()).toISOString();
    const before: SessionHead = head === undefined ? { title: titleOf(turn.question), turns: 0, createdAt: at, updatedAt: at } : headOf(head.value);
    const number = before.turns + 1;
    const ttlMs = SESSION_TTL_MS;
    const operations: RecordOperation[] = [
      { kind: 'put', key: headKey(owner.subject, id), value: toJson({ ...before, turns: number, updatedAt: at }), ifVersion: head?.version ?? 0, ttlMs },
      { kind: 'put', key: turnKey(owner.subject, id, number), value: toJson({ ...turn, at }), ttlMs },
    ];
    const oldest = number - MAX_TURNS;
    return oldest < 1 ? operations : [...operations, { kind: 'delete', key: turnKey(owner.subject, id, oldest) }];
  }
}

function titleOf(question: string): string {
  const line = question.replaceAll(/\s+/g, ' ');
  return line.length <= TITLE_LENGTH ? line : `${line.slice(0, TITLE_LENGTH - 1).replace(/\s+\S*$/, '')}…`;
}
