import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { IdSource } from '../common/clock/id-source.port.ts';
import { contentHash } from '../common/hash/content-hash.ts';
import { AUTH_CONFIG, type AuthConfig } from '../config/auth.config.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import { keepFirst, readRecord } from './kept-record.ts';
import { hashSecret, SECRET_BYTES, secretMatches } from './secret-hash.ts';

const KEY = 'auth/admin';
const MADE_KEY = 'grc_admin_';

/** `hash` of the made key, or null while ADMIN_API_KEY is the only one; `generation` changes with every reset. */
const adminSchema = z.object({ hash: z.string().nullable(), generation: z.string() });

/** The one who may do everything: a key made at the first start, or ADMIN_API_KEY, which when set is the only one. */
@Injectable()
export class AdminService {
  private readonly configuredHash: string | undefined;

  constructor(
    private readonly records: RecordStore,
    private readonly ids: IdSource,
    @Inject(AUTH_CONFIG) config: AuthConfig,
  ) {
    this.configuredHash = config.adminApiKey === undefined ? undefined : hashSecret(config.adminApiKey);
  }

  /**
   * Sees to it that there is an instance admin. Returns the key when this call made it: nobody can ever read it again.
   * @throws StorageError
   */
  async ensure(): Promise<string | undefined> {
    if ((await this.usableHash()) !== undefined) return undefined;
    const existing = await readRecord(this.records, KEY, adminSchema);
    const key = this.newKey();
    const made = { hash: this.configuredHash === undefined ? hashSecret(key) : null, generation: this.ids.uuid() };
    if (existing !== undefined) return this.replace(key, made);
    const kept = await keepFirst(this.records, KEY, adminSchema, made);
    return kept.generation === made.generation && made.hash !== null ? key : undefined;
  }

  /** Whether a key is the instance admin's. */
  async verify(key: string): Promise<boolean> {
    if (this.configuredHash === undefined && !key.startsWith(MADE_KEY)) return false;
    const hash = await this.usableHash();
    return hash !== undefined && secretMatches(key, hash);
  }

  /**
   * Names the present time in office: changes with a reset and with a change of ADMIN_API_KEY, and ends every token that was given
   * out before. Nothing while there is no admin.
   */
  async epoch(): Promise<string | undefined> {
    const record = await readRecord(this.records, KEY, adminSchema);
    const hash = this.configuredHash ?? record?.hash ?? undefined;
    return hash === undefined ? undefined : contentHash(hash, record?.generation ?? '');
  }

  /**
   * Ends the validity of the admin's key and tokens. Returns the new key, or nothing when ADMIN_API_KEY is set: then that goes on to
   * be the key, and only the tokens end.
   */
  async reset(): Promise<string | undefined> {
    const key = this.newKey();
    return this.replace(key, { hash: this.configuredHash === undefined ? hashSecret(key) : null, generation: this.ids.uuid() });
  }

  private async replace(key: string, record: z.output<typeof adminSchema>): Promise<string | undefined> {
    await this.records.put(SYSTEM_SCOPE, KEY, record);
    return record.hash === null ? undefined : key;
  }

  private async usableHash(): Promise<string | undefined> {
    if (this.configuredHash !== undefined) return this.configuredHash;
    const record = await readRecord(this.records, KEY, adminSchema);
    return record?.hash ?? undefined;
  }

  private newKey(): string {
    return `${MADE_KEY}${this.ids.token(SECRET_BYTES)}`;
  }
}
