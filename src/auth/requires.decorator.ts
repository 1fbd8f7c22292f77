import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { DECLARED_RIGHT, type Right } from './auth.types.ts';

/**
 * Declares the right that a handler, or every handler of a controller, needs. A role is checked by the guard only so far as the
 * caller is known at all; which workspace it must hold in is resolved by the handler from its request.
 */
export function Requires(right: Right): CustomDecorator {
  return SetMetadata(DECLARED_RIGHT, right);
}
