import type { MetadataCondition, MetadataScalar, PassageFilter } from '../../graph.types.ts';
import type { JsonValue } from '../../../storage/storage.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { all } from './rows.ts';

interface FilteredRow {
  readonly id: number;
  readonly document_id: string;
  readonly external_id: string;
  readonly dated: string;
  readonly metadata: string;
}

/** Row ids of the documents that a filter lets through; nothing for no filter. */
export function allowedDocuments(context: SqliteContext, filter: PassageFilter | undefined): Set<number> | undefined {
  if (filter === undefined || Object.values(filter).every((value) => value === undefined)) return undefined;
  const rows = candidates(context, filter);
  return new Set(rows.filter((row) => passes(row, filter)).map((row) => row.id));
}

function candidates(context: SqliteContext, filter: PassageFilter): FilteredRow[] {
  const columns = 'id, document_id, external_id, dated, metadata';
  if (filter.documentIds !== undefined) {
    const sql = `select ${columns} from document where document_id in (select value from json_each(?))`;
    return all(context, sql, JSON.stringify(filter.documentIds));
  }
  if (filter.externalIds !== undefined) {
    const sql = `select ${columns} from document where external_id in (select value from json_each(?))`;
    return all(context, sql, JSON.stringify(filter.externalIds));
  }
  return all(context, `select ${columns} from document`);
}

function passes(row: FilteredRow, filter: PassageFilter): boolean {
  if (filter.externalIds !== undefined && !filter.externalIds.includes(row.external_id)) return false;
  if (filter.from !== undefined && row.dated < isoOf(filter.from)) return false;
  if (filter.to !== undefined && row.dated > isoOf(filter.to)) return false;
  if (filter.metadata === undefined) return true;
  const metadata = JSON.parse(row.metadata) as Record<string, JsonValue | undefined>;
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
