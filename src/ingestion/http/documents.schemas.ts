import { z } from 'zod';

const workspace = z.string().min(1).max(200).optional();
const externalId = z.string().trim().min(1).max(1000);

/** `GET /documents` and `GET /merges` */
export const listQuery = z.object({
  workspace,
  cursor: z.string().min(1).max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type ListQuery = z.output<typeof listQuery>;

/** Routes without a body. */
export const workspaceQuery = z.object({ workspace });
export type WorkspaceQuery = z.output<typeof workspaceQuery>;

/** What a document carries beside its text. */
export const metadata = z.record(z.string().max(200), z.json());

/** `POST /documents` as JSON. */
export const textRequest = z.strictObject({
  title: z.string().trim().min(1).max(1000),
  text: z.string().min(1),
  externalId: externalId.optional(),
  metadata: metadata.optional(),
  workspace,
});
export type TextRequest = z.output<typeof textRequest>;

/** The fields of `POST /documents` as multipart/form-data; all but `workspace` only with a single file. */
export const uploadFields = z.strictObject({
  workspace,
  title: z.string().trim().min(1).max(1000).optional(),
  externalId: externalId.optional(),
  metadata: z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be a JSON object' });
        return z.NEVER;
      }
    })
    .pipe(metadata)
    .optional(),
});
export type UploadFields = z.output<typeof uploadFields>;
