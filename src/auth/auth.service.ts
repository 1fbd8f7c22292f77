import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Principal, Role } from '../common/http/principal.types.ts';
import { AUTH_CONFIG, type AuthConfig } from '../config/auth.config.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { AdminService } from './admin.service.ts';
import { AuthError } from './auth.errors.ts';
import { readRecord } from './kept-record.ts';
import { type KeyInfo, KeyService } from './key.service.ts';
import { type TokenClaims, TokenService } from './token.service.ts';

/** The record that names the workspace which every known caller may read. */
const GUIDE_KEY = 'guide';
/** Without a uid while the guide is being made. */
const guideSchema = z.object({ uid: z.string().optional() });

/** Subject of the instance admin; other subjects name the key they come from. */
export const ADMIN_SUBJECT = 'admin';
const KEY_SUBJECT = 'key:';

/** Finds out who asks, from a key or a token. */
@Injectable()
export class AuthService {
  /** True with AUTH_MODE=none: everybody is the instance admin. */
  readonly open: boolean;

  constructor(
    private readonly records: RecordStore,
    private readonly admin: AdminService,
    private readonly keys: KeyService,
    private readonly tokens: TokenService,
    @Inject(AUTH_CONFIG) config: AuthConfig,
  ) {
    this.open = config.mode === 'none';
  }

  /**
   * The principal behind the credentials of a request: a key, or a token from SignInService.
   * @throws AuthError `credentials-invalid` if they are none of ours, expired or revoked
   * @throws StorageError if the store is away
   */
  async authenticate(credentials: string): Promise<Principal> {
    if (await this.admin.verify(credentials)) return instanceAdmin(ADMIN_SUBJECT);
    const key = await this.keys.verify(credentials);
    if (key !== undefined) return this.keyHolder(key);
    const claims = await this.tokens.verify(credentials);
    const principal = claims === undefined ? undefined : await this.tokenHolder(claims);
    if (principal !== undefined) return principal;
    throw new AuthError('credentials-invalid', 'This key or token is not valid, or not any more.', {
      remedy: 'Check the key; `graphrag-chat keys list` shows which there are, `graphrag-chat auth reset` makes a new admin key.',
    });
  }

  /** Who everybody is with AUTH_MODE=none. */
  anybody(): Principal {
    return instanceAdmin('local');
  }

  private async tokenHolder({ subject, epoch }: TokenClaims): Promise<Principal | undefined> {
    if (subject === ADMIN_SUBJECT) return epoch === (await this.admin.epoch()) ? instanceAdmin(ADMIN_SUBJECT) : undefined;
    // A token is worth what its key is worth now: nothing once that is revoked.
    const key = subject.startsWith(KEY_SUBJECT) ? await this.keys.find(subject.slice(KEY_SUBJECT.length)) : undefined;
    return key === undefined ? undefined : this.keyHolder(key);
  }

  private async keyHolder(key: KeyInfo): Promise<Principal> {
    const guide = await readRecord(this.records, GUIDE_KEY, guideSchema);
    const grants = new Map<string, Role>(guide?.uid === undefined ? [] : [[guide.uid, 'read']]);
    grants.set(key.workspaceUid, key.role);
    return { subject: KEY_SUBJECT + key.id, instanceAdmin: false, grants };
  }
}

function instanceAdmin(subject: string): Principal {
  return { subject, instanceAdmin: true, grants: new Map() };
}
