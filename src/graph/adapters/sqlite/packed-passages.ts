import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { linkInts } from '../../indexing/name-links.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';

const TERMS = 'select id, terms from passage where id in (select value from json_each(?))';
const LINKS = 'select id, names from passage where id in (select value from json_each(?))';
const NONE = new Int32Array();

function readPacked(context: SqliteContext, sql: string, passages: readonly number[]): [number, Int32Array][] {
  return tuples<[number, Uint8Array]>(context, sql, JSON.stringify(passages)).map(([id, packed]) => [id, linkInts(packed)]);
}

/** Packed stems of passages; of one that has gone, none. */
export function termsOf(context: SqliteContext, passages: readonly number[]): Map<number, Int32Array> {
  return readerMemory(context).packedTerms.all(passages, (missing) => readPacked(context, TERMS, missing), NONE);
}

/** Packed links of passages to names. */
export function linksOf(context: SqliteContext, passages: readonly number[]): Map<number, Int32Array> {
  return readerMemory(context).links.all(passages, (missing) => readPacked(context, LINKS, missing), NONE);
}
