import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';

const SQL = 'select word, passages from word where word in (select value from json_each(?))';

/** For each of these words the passages that have it. */
export function wordFrequencies(context: SqliteContext, words: Iterable<string>): (word: string) => number {
  const read = (missing: readonly string[]): [string, number][] => tuples<[string, number]>(context, SQL, JSON.stringify(missing));
  const known = readerMemory(context).wordFrequencies.all(words, read, 0);
  return (word) => known.get(word) ?? 0;
}
