import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

type Fastify = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;

/** Serves the page: the files of `public/` at `/`, to everybody. Each file is a route of its own, so all else stays with Nest. */
@Module({})
export class WebModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<Fastify>();
    const root = fileURLToPath(new URL('./public', import.meta.url));
    // Browsers ask each time whether a file has changed: a page of one version with parts of another would break.
    // Not awaited: that would start Fastify before Nest has given it the handler of errors. A fault is thrown by listen().
    void fastify.register(fastifyStatic, { root, wildcard: false, decorateReply: false, cacheControl: true, maxAge: 0 });
  }
}
