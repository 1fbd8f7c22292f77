import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import { DECLARED_RIGHT } from './auth.types.ts';

/** Declares that a handler, or every handler of a controller, is open to everybody. A valid key is still recognised. */
export function Public(): CustomDecorator {
  return SetMetadata(DECLARED_RIGHT, 'public');
}
