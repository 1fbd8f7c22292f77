import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { within } from '../common/concurrency/within.ts';
import type { Principal } from '../common/http/principal.types.ts';
import type { AuthenticatedRequest } from '../common/http/request.types.ts';
import { AuthError } from './auth.errors.ts';
import { AuthService } from './auth.service.ts';
import type { Right } from './auth.types.ts';
import { bearerOf } from './bearer.ts';
import { isLocalHost } from './local-host.ts';
import { declaredRightOf } from './requires.decorator.ts';

/** How long a public route waits to know who asks: health tells that the store does not answer, and must not wait for it. */
const RECOGNISED_MS = 300;

/** Lets a request pass when its caller is known and may hold the right that the handler declares. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly auth: AuthService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const declared = declaredRightOf(context.getHandler(), context.getClass());
    if (declared === 'public') await this.recognise(request);
    else await this.admit(request, declared);
    return true;
  }

  /** On a public route credentials only add to what is shown: bad ones, and those that nobody can check in time, are as good as none. */
  private async recognise(request: AuthenticatedRequest): Promise<void> {
    try {
      const principal = await within(RECOGNISED_MS, this.identify(request), () => new Error('the store that knows the keys does not answer'));
      if (principal !== undefined) request.principal = principal;
    } catch {
      // Health and sign-in answer even when the store that knows the keys is away.
    }
  }

  private async admit(request: AuthenticatedRequest, right: Right | undefined): Promise<void> {
    const principal = await this.identify(request);
    if (principal === undefined) throw AuthError.required();
    request.principal = principal;
    // A handler without a declared right stops the start; should one come to be called all the same, nobody else may.
    const needed = right ?? 'instance-admin';
    request.requiredRole = needed === 'instance-admin' ? 'admin' : needed;
    if (needed !== 'instance-admin' || principal.instanceAdmin) return;
    throw new AuthError('right-missing', 'Only the instance admin may do this.', { remedy: 'Use the admin key.' });
  }

  private async identify(request: AuthenticatedRequest): Promise<Principal | undefined> {
    if (this.auth.open) return this.local(request);
    const credentials = bearerOf(request);
    return credentials === undefined ? undefined : this.auth.authenticate(credentials);
  }

  /** Without keys the name in the Host header is all that tells a foreign page, whose name was made to point here, from ours. */
  private local(request: AuthenticatedRequest): Principal {
    if (isLocalHost(request.headers.host)) return this.auth.anybody();
    throw new AuthError('right-missing', 'With AUTH_MODE=none the service answers only under a loopback name.', {
      remedy: 'Use 127.0.0.1 or localhost in the address, or leave AUTH_MODE out and send a key.',
    });
  }
}
