import multipart from '@fastify/multipart';
import { type DynamicModule, type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.ts';
import { drainHook } from './common/http/drain-hook.ts';
import { problemOf, sendProblem } from './common/http/problem.ts';
import { requestIdOf } from './common/http/request-id.ts';
import { toAppError } from './common/http/to-app-error.ts';
import { ShutdownService } from './common/lifecycle/shutdown.service.ts';
import { ServiceLogger } from './common/logging/service-logger.ts';
import type { Settings } from './config/load-settings.ts';
import type { ServerConfig } from './config/server.config.ts';

/** JSON bodies of all routes but the documents'; a long conversation fits in. */
const MAX_JSON_BYTES = 4_000_000;
const MAX_FILES = 1000;

/** The whole service, ready to listen. Its connections open when it does, or at `init()`. */
export async function createApp(settings: Settings): Promise<NestFastifyApplication> {
  const app = await createNestApp(AppModule.forRoot(settings), settings.server, { bufferLogs: true });
  app.useLogger(app.get(ServiceLogger));
  app.flushLogs();
  return app;
}

/** A Fastify application around any module with the service's own border: ids, limits, headers, refusal while stopping. */
export async function createNestApp(module: DynamicModule, config: ServerConfig, options: NestApplicationOptions): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(config), {
    abortOnError: false,
    forceCloseConnections: true,
    ...options,
  });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('onRequest', drainHook(app.get(ShutdownService, { strict: false })));
  await app.register(multipart, { limits: { fileSize: config.maxUploadBytes, files: MAX_FILES, fieldSize: MAX_JSON_BYTES } });
  secure(app);
  return app;
}

function httpAdapter(config: ServerConfig): FastifyAdapter {
  const adapter = new FastifyAdapter({
    genReqId: requestIdOf,
    bodyLimit: MAX_JSON_BYTES,
    trustProxy: false,
    forceCloseConnections: true,
    // What the router refuses (a malformed address) reaches neither a hook nor Nest's filters.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, problemOf(toAppError(error), request.id));
    },
  });
  adapter.getInstance().addHook('onRoute', (route) => {
    if (route.url.startsWith('/documents')) route.bodyLimit = config.maxUploadBytes;
  });
  return adapter;
}

function secure(app: NestFastifyApplication): void {
  const self = ["'self'"];
  const none = ["'none'"];
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: self, imgSrc: ["'self'", 'data:'], objectSrc: none, baseUri: none, formAction: self, frameAncestors: none },
    },
    // The first address of the page carries a one-time token.
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // The service itself speaks plain HTTP; whoever ends TLS in front of it decides this.
    strictTransportSecurity: false,
  });
  app.enableCsrfProtection();
}
