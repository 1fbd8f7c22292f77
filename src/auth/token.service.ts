import { Inject, Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Clock } from '../common/clock/clock.port.ts';
import { IdSource } from '../common/clock/id-source.port.ts';
import { AUTH_CONFIG, type AuthConfig } from '../config/auth.config.ts';
import { RecordStore } from '../storage/record-store.port.ts';
import { SYSTEM_SCOPE } from '../storage/storage.types.ts';
import { keepFirst, readRecord } from './kept-record.ts';
import { hashSecret, SECRET_BYTES } from './secret-hash.ts';

const SECRET_KEY = 'auth/jwt-secret';
const ONE_TIME_PREFIX = 'auth/one-time/';
const ONE_TIME_TTL_MS = 24 * 3_600_000;
const ISSUER = 'graphrag-chat';

const secretSchema = z.string();
const claimsSchema = z.object({ sub: z.string(), epoch: z.string().optional(), auth_time: z.number() });

/** What a token says. */
export interface TokenClaims {
  /** The principal's subject. */
  readonly subject: string;
  /** The admin's time in office (AdminService.epoch) for which the token was made; only in the admin's. */
  readonly epoch?: string;
  /** Milliseconds since the epoch at which a key or one-time token was shown; renewing keeps it. */
  readonly authenticatedAt: number;
}

/** A signed token in OAuth's shape. */
export interface AccessToken {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
}

/** Signed tokens (JWT, HS256) and the one-time tokens that the printed address of the page carries. */
@Injectable()
export class TokenService {
  private signingKey: Uint8Array | undefined;

  constructor(
    private readonly records: RecordStore,
    private readonly ids: IdSource,
    private readonly clock: Clock,
    @Inject(AUTH_CONFIG) private readonly config: AuthConfig,
  ) {}

  /** A token that signs the instance admin in once, within a day. Only its hash is kept. */
  async createOneTime(): Promise<string> {
    const token = this.ids.token(SECRET_BYTES);
    await this.records.put(SYSTEM_SCOPE, ONE_TIME_PREFIX + hashSecret(token), true, { ttlMs: ONE_TIME_TTL_MS });
    return token;
  }

  /** Uses a one-time token up; true for the first who shows it. */
  redeemOneTime(token: string): Promise<boolean> {
    return this.records.delete(SYSTEM_SCOPE, ONE_TIME_PREFIX + hashSecret(token));
  }

  async sign(claims: TokenClaims): Promise<AccessToken> {
    const now = Math.floor(this.clock.now() / 1000);
    const ttl = Math.floor(this.config.jwtTtlMs / 1000);
    const payload = { auth_time: Math.floor(claims.authenticatedAt / 1000), ...(claims.epoch === undefined ? {} : { epoch: claims.epoch }) };
    const token = new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer(ISSUER).setSubject(claims.subject);
    const signed = await token.setIssuedAt(now).setExpirationTime(now + ttl).sign(await this.secret());
    return { access_token: signed, token_type: 'Bearer', expires_in: ttl };
  }

  /** What a token says, if it is one of ours and still valid. */
  async verify(token: string): Promise<TokenClaims | undefined> {
    try {
      const options = { issuer: ISSUER, algorithms: ['HS256'], currentDate: new Date(this.clock.now()), requiredClaims: ['exp'] };
      const { payload } = await jwtVerify(token, await this.secret(), options);
      const { sub, epoch, auth_time } = claimsSchema.parse(payload);
      return { subject: sub, authenticatedAt: auth_time * 1000, ...(epoch === undefined ? {} : { epoch }) };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  private async secret(): Promise<Uint8Array> {
    this.signingKey ??= new TextEncoder().encode(this.config.jwtSecret ?? (await this.keptSecret()));
    return this.signingKey;
  }

  private async keptSecret(): Promise<string> {
    const kept = await readRecord(this.records, SECRET_KEY, secretSchema);
    return kept ?? keepFirst(this.records, SECRET_KEY, secretSchema, this.ids.token(SECRET_BYTES));
  }
}
