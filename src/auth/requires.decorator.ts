import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DECLARED_RIGHT, type DeclaredRight, type Right } from './auth.types.ts';

const reflector = new Reflector();

/** What can carry metadata: a method, a class. */
type Decorated = Parameters<Reflector['get']>[1];

/**
 * Declares the right that a handler, or every handler of a controller, needs. A role is checked by the guard only so far as the
 * caller is known at all; which workspace it must hold in is resolved by the handler from its request.
 */
export function Requires(right: Right): CustomDecorator {
  return SetMetadata(DECLARED_RIGHT, right);
}

/** What a handler declares, itself or else its controller; nothing when both are silent. */
export function declaredRightOf(handler: Decorated, controller: Decorated): DeclaredRight | undefined {
  return reflector.getAllAndOverride<DeclaredRight | undefined>(DECLARED_RIGHT, [handler, controller]);
}
