import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { ClockModule } from '../common/clock/clock.module.ts';
import { SERVER_CONFIG, type ServerConfig } from '../config/server.config.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { AdminService } from './admin.service.ts';
import { AuthGuard } from './auth.guard.ts';
import { AuthService } from './auth.service.ts';
import { DeclaredRightsService } from './declared-rights.service.ts';
import { AuthController } from './http/auth.controller.ts';
import { KeyService } from './key.service.ts';
import { SignInService } from './sign-in.service.ts';
import { ThrottleGuard } from './throttle.guard.ts';
import { TokenService } from './token.service.ts';

const throttling = ThrottlerModule.forRootAsync({
  inject: [SERVER_CONFIG],
  useFactory: ({ throttleLimit, throttleTtlMs }: ServerConfig) => [{ limit: throttleLimit, ttl: throttleTtlMs }],
});

@Module({
  imports: [StorageModule, ClockModule, DiscoveryModule, throttling],
  controllers: [AuthController],
  providers: [AdminService, KeyService, TokenService, SignInService, AuthService, DeclaredRightsService, AuthGuard, ThrottleGuard],
  exports: [AdminService, KeyService, TokenService, AuthService, DeclaredRightsService, AuthGuard, ThrottleGuard],
})
export class AuthModule {}
