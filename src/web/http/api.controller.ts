import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { Public } from '../../auth/public.decorator.ts';
import { projectRoot } from '../../config/project-root.ts';
import { apiPage } from '../api/api-page.ts';
import { DescribedRoutes } from '../api/described-routes.service.ts';
import { openApiDocument, type OpenApiDocument } from '../api/openapi-document.ts';

/** The description of the API, for programs and for people. */
@Controller()
@Public()
@SkipThrottle()
export class ApiController {
  private described: OpenApiDocument | undefined;

  constructor(private readonly routes: DescribedRoutes) {}

  @Get('openapi.json')
  document(): OpenApiDocument {
    this.described ??= openApiDocument(this.routes.list(), version());
    return this.described;
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  page(): string {
    return apiPage(this.document());
  }
}

function version(): string {
  const text = readFileSync(join(projectRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
