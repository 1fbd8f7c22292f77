import { z } from 'zod';
import { passageFilter } from '../../graph/passage-filter.types.ts';

/** Body of `POST /retrieve`. */
export const retrieveBody = z.strictObject({
  query: z.string(),
  workspace: z.string().max(200).optional(),
  k: z.int().min(1).max(100).default(8),
  filter: passageFilter.optional(),
});
export type RetrieveBody = z.output<typeof retrieveBody>;
