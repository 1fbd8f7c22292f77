import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { type PassageInfo, readerMemory, remember } from './reader-memory.ts';
import { one } from './rows.ts';

const SQL = 'select p.document, p.ordinal, d.external_id from passage p join document d on d.id = p.document where p.id = ?';

/** Where a passage belongs; a passage that has gone belongs to no document. */
export function passageInfo(context: SqliteContext, passage: number): PassageInfo {
  return remember(readerMemory(context).passages, passage, () => {
    const row = one<{ document: number; ordinal: number; external_id: string }>(context, SQL, passage);
    if (row === undefined) return { document: 0, tie: '' };
    return { document: row.document, tie: `${row.external_id}\u0000${String(row.ordinal).padStart(7, '0')}` };
  });
}

/** Orders ties: the shorter first, then by code unit. */
export function compareTies(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}
