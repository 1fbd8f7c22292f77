import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import { ROLES, type Role } from '../common/http/principal.types.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import { readRecord } from './kept-record.ts';
import { hashSecret, SECRET_BYTES, secretMatches } from './secret-hash.ts';

const PREFIX = 'auth/keys/';
const FORMAT = /^grc_([0-9a-f]{32})_([A-Za-z0-9_-]{16,})$/;

const keySchema = z.object({ hash: z.string(), workspaceUid: z.string(), role: z.enum(ROLES), createdAt: z.number() });

/** What is known of a key; never the key itself. */
export interface KeyInfo {
  readonly id: string;
  readonly workspaceUid: string;
  readonly role: Role;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A key as it is shown once, to the one who made it. */
export interface CreatedKey extends KeyInfo {
  /** `grc_<id>_<secret>`; only its hash is kept. */
  readonly key: string;
}

/** Keys that each grant one role in one workspace. Every request asks the store, so a new or revoked key counts at once. */
@Injectable()
export class KeyService {
  constructor(
    private readonly records: RecordStore,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {}

  /** Makes a key for a workspace, named by its uid so that a dropped and re-created slug inherits nothing. */
  async create(workspaceUid: string, role: Role): Promise<CreatedKey> {
    const id = this.ids.uuid().replaceAll('-', '');
    const secret = this.ids.token(SECRET_BYTES);
    const createdAt = this.clock.now();
    await this.records.put(SYSTEM_SCOPE, PREFIX + id, { hash: hashSecret(secret), workspaceUid, role, createdAt });
    return { id, key: `grc_${id}_${secret}`, workspaceUid, role, createdAt };
  }

  /** All keys, by rising id. */
  async list(): Promise<readonly KeyInfo[]> {
    const keys: KeyInfo[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.records.list(SYSTEM_SCOPE, PREFIX, cursor === undefined ? {} : { cursor });
      keys.push(...page.records.map(({ key, value }) => infoOf(key.slice(PREFIX.length), keySchema.parse(value))));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return keys;
  }

  /** Ends a key's validity, from the next request on; true if there was one. */
  revoke(id: string): Promise<boolean> {
    return this.records.delete(SYSTEM_SCOPE, PREFIX + id);
  }

  /** What a key grants; nothing if it is none of ours or revoked. */
  async verify(key: string): Promise<KeyInfo | undefined> {
    const [, id, secret] = FORMAT.exec(key) ?? [];
    if (id === undefined || secret === undefined) return undefined;
    const record = await readRecord(this.records, PREFIX + id, keySchema);
    return record !== undefined && secretMatches(secret, record.hash) ? infoOf(id, record) : undefined;
  }

  /** What the key of an id grants, for a token that was given out for it; nothing if it is revoked. */
  async find(id: string): Promise<KeyInfo | undefined> {
    const record = await readRecord(this.records, PREFIX + id, keySchema);
    return record === undefined ? undefined : infoOf(id, record);
  }
}

function infoOf(id: string, { workspaceUid, role, createdAt }: z.output<typeof keySchema>): KeyInfo {
  return { id, workspaceUid, role, createdAt };
}
