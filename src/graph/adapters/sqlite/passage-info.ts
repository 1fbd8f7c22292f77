import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { PassageInfo } from './known.types.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';

const SQL = `select p.id, p.document, p.ordinal, d.external_id from passage p join document d on d.id = p.document
  where p.id in (select value from json_each(?))`;
/** Of a passage that has gone: it belongs to no document. */
const GONE: PassageInfo = { document: 0, tie: '' };

/** Where passages belong. */
export function passageInfos(context: SqliteContext, passages: Iterable<number>): (passage: number) => PassageInfo {
  const read = (missing: readonly number[]): (readonly [number, PassageInfo])[] =>
    tuples<[id: number, document: number, ordinal: number, externalId: string]>(context, SQL, JSON.stringify(missing)).map(
      ([id, document, ordinal, externalId]) => [id, { document, tie: `${externalId}\u0000${String(ordinal).padStart(7, '0')}` }],
    );
  const known = readerMemory(context).passages.all(passages, read, GONE);
  return (passage) => known.get(passage) ?? GONE;
}
