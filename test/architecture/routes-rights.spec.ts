import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { DeclaredRightsService } from '../../src/auth/declared-rights.service.ts';
import { Public } from '../../src/auth/public.decorator.ts';
import { Requires } from '../../src/auth/requires.decorator.ts';
import type { OpenApiDocument } from '../../src/web/api/openapi-document.ts';
import { ROUTE_SUMMARIES } from '../../src/web/api/route-summaries.ts';
import { type RunningApp, startApp } from '../e2e/start-app.ts';

@Controller('declared')
@Requires('read')
class DeclaredController {
  @Get()
  inherited(): string {
    return 'of the class';
  }

  @Get('own')
  @Public()
  own(): string {
    return 'its own';
  }
}

@Controller('bare')
class BareController {
  @Get()
  forgotten(): string {
    return 'nobody said who may call this';
  }

  notAHandler(): string {
    return 'needs none';
  }
}

@Module({ imports: [DiscoveryModule], controllers: [DeclaredController], providers: [DeclaredRightsService] })
class SoundModule {}

@Module({ imports: [DiscoveryModule], controllers: [DeclaredController, BareController], providers: [DeclaredRightsService] })
class BareModule {}

describe('a handler’s right', () => {
  it('is its own, or else its controller’s', async () => {
    const app = await Test.createTestingModule({ imports: [SoundModule] }).compile();
    await app.init();
    expect(app.get(DeclaredRightsService).list()).toEqual([
      { handler: 'DeclaredController.inherited', right: 'read' },
      { handler: 'DeclaredController.own', right: 'public' },
    ]);
    await app.close();
  });

  it('that is missing stops the start, by name', async () => {
    const app = await Test.createTestingModule({ imports: [BareModule] }).compile();
    await expect(app.init()).rejects.toThrow(/declare no right: BareController\.forgotten\. /);
  });
});

describe('the service’s routes', () => {
  let service: RunningApp;

  beforeAll(async () => {
    service = await startApp();
  }, 30_000);

  afterAll(() => service.close());

  it('are public only where the design says so', () => {
    const open = service.app.get(DeclaredRightsService, { strict: false }).list().filter(({ right }) => right === 'public');
    const controllers = new Set(open.map(({ handler }) => handler.split('.')[0]));
    expect([...controllers].filter((name) => !['AuthController', 'HealthController', 'ApiController', 'PageController'].includes(name ?? ''))).toEqual([]);
  });

  it('let nobody but the instance admin create or drop workspaces', () => {
    const rights = service.app.get(DeclaredRightsService, { strict: false }).list();
    const changing = rights.filter(({ handler }) => /^WorkspacesController\.(create|drop|delete|remove)/.test(handler));
    expect(changing.length).toBeGreaterThanOrEqual(2);
    expect(changing.every(({ right }) => right === 'instance-admin')).toBe(true);
  });

  it('are described, each with what it is for, and no others', async () => {
    const document = (await service.call('get', '/openapi.json', null)).body as OpenApiDocument;
    const described = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(described.sort()).toEqual(Object.keys(ROUTE_SUMMARIES).sort());
    expect(document.paths['/chat']?.['post']).toMatchObject({ 'x-right': 'read', requestBody: { content: { 'application/json': { schema: { required: ['message'] } } } } });
    expect(document.paths['/health']?.['get']?.security).toEqual([]);
  });

  it('are described for people too, without a script', async () => {
    const page = await service.call('get', '/docs', null);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('POST /chat');
    expect(page.text).not.toContain('<script');
    expect((await service.call('get', '/docs.css', null)).status).toBe(200);
  });
});
