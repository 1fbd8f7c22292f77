import type { JsonValue } from '../../storage/storage.types.ts';
import type { MetadataCondition, MetadataScalar, PassageFilter } from '../graph.types.ts';

/** What of a document filters look at, beside its id. */
export interface FilteredDocument {
  readonly externalId: string;
  /** ISO 8601. */
  readonly dated: string;
  /** JSON. */
  readonly metadata: string;
}

/** Whether the filter restricts anything. */
export function restricts(filter: PassageFilter | undefined): filter is PassageFilter {
  return filter !== undefined && Object.values(filter).some((value) => value !== undefined);
}

/** Whether a document meets all of a filter but its document ids, which stores look up. */
export function passes(document: FilteredDocument, filter: PassageFilter): boolean {
  if (filter.externalIds !== undefined && !filter.externalIds.includes(document.externalId)) return false;
  if (filter.from !== undefined && document.dated < isoOf(filter.from)) return false;
  if (filter.to !== undefined && document.dated > isoOf(filter.to)) return false;
  if (filter.metadata === undefined) return true;
  const metadata = JSON.parse(document.metadata) as Record<string, JsonValue | undefined>;
  return Object.entries(filter.metadata).every(([key, condition]) => meets(metadata[key], condition));
}

function isoOf(time: string): string {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? time : new Date(parsed).toISOString();
}

/** Whether a metadata value, or one item of a list, meets a condition. */
export function meets(value: JsonValue | undefined, condition: MetadataCondition): boolean {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).some((item) => meets(item, condition));
  if (condition === null || typeof condition !== 'object') return value === condition;
  if ('in' in condition) return condition.in.includes(value as MetadataScalar);
  return inRange(value, condition);
}

type Range = Extract<MetadataCondition, { readonly gte?: string | number }>;

function inRange(value: JsonValue | undefined, range: Range): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  const checks: [bound: string | number | undefined, holds: (order: number) => boolean][] = [
    [range.gte, (order) => order >= 0],
    [range.gt, (order) => order > 0],
    [range.lte, (order) => order <= 0],
    [range.lt, (order) => order < 0],
  ];
  return checks.every(([bound, holds]) => bound === undefined || (typeof bound === typeof value && holds(compare(value, bound))));
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : Number(a > b);
}
