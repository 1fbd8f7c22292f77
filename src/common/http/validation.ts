import { StandardSchemaValidationPipe } from '@nestjs/common';
import { invalidRequest } from './invalid-request.ts';

/** Checks what handlers declare with `@Body({ schema })`, `@Query({ schema })`, `@Param({ schema })`; reports every fault with its path. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: (issues) => invalidRequest(issues) });
}
