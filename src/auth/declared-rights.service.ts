import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/internal';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { RequestError } from '../common/errors/request.errors.ts';
import type { DeclaredRight } from './auth.types.ts';
import { declaredRightOf } from './requires.decorator.ts';

/** One HTTP handler with what it declares. */
export interface HandlerRight {
  /** `ChatController.ask`. */
  readonly handler: string;
  readonly right: DeclaredRight | undefined;
}

/** Knows what right each handler declares, and stops the start when one declares none. */
@Injectable()
export class DeclaredRightsService implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws RequestError `internal-error` that names every handler without a declared right */
  onApplicationBootstrap(): void {
    const bare = this.list().filter(({ right }) => right === undefined);
    if (bare.length === 0) return;
    const names = bare.map(({ handler }) => handler).join(', ');
    throw new RequestError('internal-error', `These handlers declare no right: ${names}. Each needs @Requires(…) or @Public().`);
  }

  /** Every HTTP handler of the application. */
  list(): readonly HandlerRight[] {
    return this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      const prototype = Object.getPrototypeOf(instance) as Record<string, (...args: never[]) => unknown> | null;
      if (metatype === null || typeof metatype !== 'function' || prototype === null) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const method = prototype[name];
        if (method === undefined || this.reflector.get<unknown>(PATH_METADATA, method) === undefined) return [];
        return [{ handler: `${metatype.name}.${name}`, right: declaredRightOf(method, metatype) }];
      });
    });
  }
}
