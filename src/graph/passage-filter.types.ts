import { z } from 'zod';
import type { PassageFilter } from './graph.types.ts';

const scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
const bound = z.union([z.string().max(1000), z.number()]);
const range = z
  .strictObject({ gte: bound.optional(), gt: bound.optional(), lte: bound.optional(), lt: bound.optional() })
  .refine((bounds) => Object.values(bounds).some((value) => value !== undefined), 'needs gte, gt, lte or lt');
const condition = z.union([scalar, z.strictObject({ in: z.array(scalar).max(1000) }), range]);
const day = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], 'must be an ISO 8601 date or time');

/** A filter as it comes with a request. */
export const passageFilter = z.strictObject({
  documentIds: z.array(z.string().max(200)).max(10_000).optional(),
  externalIds: z.array(z.string().max(1000)).max(10_000).optional(),
  from: day.optional(),
  to: day.optional(),
  metadata: z.record(z.string().min(1).max(200), condition).optional(),
});

/** The filter of a request without the fields that were left out; spread it into what takes a filter. */
export function givenFilter(filter: z.output<typeof passageFilter> | undefined): { filter?: PassageFilter } {
  return filter === undefined ? {} : { filter: withoutUndefined(filter) as PassageFilter };
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutUndefined(item)]])));
}
