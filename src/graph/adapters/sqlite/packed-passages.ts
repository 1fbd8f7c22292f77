import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { BoundedMemory } from './bounded-memory.ts';
import { linkInts } from './name-links.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';

/** Integers of packed stems a thread keeps of a file. */
const INTEGERS = 4_000_000;
const KEY = 'passage terms';
const TERMS = 'select id, terms from passage where id in (select value from json_each(?))';
const LINKS = 'select id, names from passage where id in (select value from json_each(?))';
const NONE = new Int32Array();

function readPacked(context: SqliteContext, sql: string, passages: readonly number[]): [number, Int32Array][] {
  return tuples<[number, Uint8Array]>(context, sql, JSON.stringify(passages)).map(([id, packed]) => [id, linkInts(packed)]);
}

/** Packed stems of passages. A passage's text never changes, so they are kept whatever else does. */
export function termsOf(context: SqliteContext, passages: readonly number[]): Map<number, Int32Array> {
  const memory = (context.memory.get(KEY) as BoundedMemory<number, Int32Array> | undefined) ?? new BoundedMemory(INTEGERS, (terms) => terms.length + 16);
  context.memory.set(KEY, memory);
  return memory.all(passages, (missing) => readPacked(context, TERMS, missing), NONE);
}

/** Packed links of passages to names. */
export function linksOf(context: SqliteContext, passages: readonly number[]): Map<number, Int32Array> {
  return readerMemory(context).links.all(passages, (missing) => readPacked(context, LINKS, missing), NONE);
}
