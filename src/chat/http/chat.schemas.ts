import { z } from 'zod';
import { passageFilter } from '../../graph/passage-filter.types.ts';

const workspace = z.string().max(200).optional();

/** Body of `POST /chat`. How long a message may be is checked where it is answered, with an error of its own. */
export const chatBody = z.strictObject({
  message: z.string(),
  workspace,
  sessionId: z.string().min(1).max(200).optional(),
  topK: z.int().min(1).max(100).default(8),
  filter: passageFilter.optional(),
  stream: z.boolean().default(false),
});
export type ChatBody = z.output<typeof chatBody>;

/** Query of `GET /sessions`. */
export const sessionsQuery = z.strictObject({ workspace, cursor: z.string().max(1000).optional() });
export type SessionsQuery = z.output<typeof sessionsQuery>;

/** Query of `GET` and `DELETE /sessions/:id`. */
export const sessionQuery = z.strictObject({ workspace });
export type SessionQuery = z.output<typeof sessionQuery>;
