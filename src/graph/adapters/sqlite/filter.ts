import type { PassageFilter } from '../../graph.types.ts';
import { passes, restricts } from '../../indexing/document-filter.ts';
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
  if (!restricts(filter)) return undefined;
  const rows = candidates(context, filter);
  return new Set(rows.filter((row) => passes({ externalId: row.external_id, dated: row.dated, metadata: row.metadata }, filter)).map((row) => row.id));
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
