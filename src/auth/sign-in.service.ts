import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import type { Principal } from '../common/http/principal.types.ts';
import { AdminService } from './admin.service.ts';
import { AuthError } from './auth.errors.ts';
import { ADMIN_SUBJECT } from './auth.service.ts';
import { type AccessToken, TokenService } from './token.service.ts';

/** A sign-in is renewed for 30 days; then a key has to be shown again. */
const RENEWABLE_MS = 30 * 86_400_000;

/** Gives out access tokens. */
@Injectable()
export class SignInService {
  constructor(
    private readonly tokens: TokenService,
    private readonly admin: AdminService,
    private readonly clock: Clock,
  ) {}

  /**
   * Exchanges the one-time token of the printed address for the instance admin's access token.
   * @throws AuthError `credentials-invalid` if it was used before, is older than a day, or none of ours
   */
  async redeem(oneTimeToken: string): Promise<AccessToken> {
    if (await this.tokens.redeemOneTime(oneTimeToken)) return this.issue(ADMIN_SUBJECT, this.clock.now());
    throw new AuthError('credentials-invalid', 'This one-time token was used before, is older than a day, or was never given out.', {
      remedy: 'Restart the service for a new address, or sign in with a key.',
    });
  }

  /**
   * A new access token for a caller whose credentials, a key or an access token, the guard has just accepted.
   * @throws AuthError `credentials-invalid` if the sign-in behind an access token is older than 30 days
   */
  async renew(principal: Principal, credentials: string): Promise<AccessToken> {
    const claims = await this.tokens.verify(credentials);
    const authenticatedAt = claims?.authenticatedAt ?? this.clock.now();
    if (this.clock.now() - authenticatedAt <= RENEWABLE_MS) return this.issue(principal.subject, authenticatedAt);
    throw new AuthError('credentials-invalid', 'This sign-in is older than 30 days.', { remedy: 'Sign in with a key.' });
  }

  private async issue(subject: string, authenticatedAt: number): Promise<AccessToken> {
    const epoch = subject === ADMIN_SUBJECT ? await this.admin.epoch() : undefined;
    return this.tokens.sign({ subject, authenticatedAt, ...(epoch === undefined ? {} : { epoch }) });
  }
}
