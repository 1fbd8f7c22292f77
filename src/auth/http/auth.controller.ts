import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { z } from 'zod';
import type { AuthenticatedRequest } from '../../common/http/request.types.ts';
import { AuthError } from '../auth.errors.ts';
import { bearerOf } from '../bearer.ts';
import { Public } from '../public.decorator.ts';
import { SignInService } from '../sign-in.service.ts';
import type { AccessToken } from '../token.service.ts';

const tokenRequest = z.object({ token: z.string().min(1).max(1000).optional() }).optional();

@Controller('auth')
@Public()
export class AuthController {
  constructor(private readonly signIn: SignInService) {}

  /** With `{token}`, the one-time token of the printed address; else renews what stands in `Authorization`. */
  @Post('token')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  token(@Req() request: AuthenticatedRequest, @Body({ schema: tokenRequest }) body: z.output<typeof tokenRequest>): Promise<AccessToken> {
    if (body?.token !== undefined) return this.signIn.redeem(body.token);
    const credentials = bearerOf(request);
    if (request.principal === undefined || credentials === undefined) throw AuthError.required();
    return this.signIn.renew(request.principal, credentials);
  }
}
