import { Injectable, RequestMethod } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { z } from 'zod';
import { declaredRightOf } from '../../auth/requires.decorator.ts';

/** What a route takes and asks for, read from its handler's decorators. */
export interface DescribedRoute {
  /** `GET`, `POST`, … */
  readonly method: string;
  /** `/documents/{id}` */
  readonly path: string;
  /** `read`, `write`, `admin`, `instance-admin` or `public`. */
  readonly right: string;
  readonly status: number;
  readonly parameters: readonly string[];
  readonly body: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
}

interface RouteArgument {
  readonly schema?: unknown;
}

type Handler = (...args: never[]) => unknown;
type Target = Parameters<typeof declaredRightOf>[1];

/** Finds every route of the application. */
@Injectable()
export class DescribedRoutes {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** By path, then method. */
  list(): readonly DescribedRoute[] {
    const routes = this.discovery.getControllers().flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, Handler>;
      const names = this.scanner.getAllMethodNames(prototype);
      return names.flatMap((name) => describe(metatype, name, prototype[name]));
    });
    return routes.toSorted((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
  }
}

function describe(controller: Target, name: string, handler: Handler | undefined): DescribedRoute[] {
  const method = handler === undefined ? undefined : metadata<RequestMethod>(METHOD_METADATA, handler);
  if (handler === undefined || method === undefined) return [];
  const path = pathOf(controller, handler);
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, RouteArgument>;
  return [
    {
      method: RequestMethod[method],
      path,
      right: declaredRightOf(handler, controller) ?? 'instance-admin',
      status: metadata<number>(HTTP_CODE_METADATA, handler) ?? (method === RequestMethod.POST ? 201 : 200),
      parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter),
      body: schemaOf(args, RouteParamtypes.BODY),
      query: schemaOf(args, RouteParamtypes.QUERY),
    },
  ];
}

function metadata<T>(key: string, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}

function pathOf(controller: Target, handler: Handler): string {
  const parts = [metadata<string>(PATH_METADATA, controller), metadata<string>(PATH_METADATA, handler)];
  const segments = parts.flatMap((part) => (part ?? '').split('/')).filter((segment) => segment !== '');
  return `/${segments.map((segment) => segment.replace(/^:(\w+)$/, '{$1}')).join('/')}`;
}

/** Arguments are kept under `<kind>:<index>`. */
function schemaOf(args: Record<string, RouteArgument>, kind: RouteParamtypes): z.ZodType | undefined {
  const found = Object.entries(args).find(([key, { schema }]) => key.startsWith(`${String(kind)}:`) && schema instanceof z.ZodType);
  return found?.[1].schema as z.ZodType | undefined;
}
