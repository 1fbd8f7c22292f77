import type { TextQuery } from '../../passage-index.port.ts';
import { compareTies, type TextHits } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { indexedWord } from './indexed-text.ts';
import { passageInfos } from './passage-info.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';
import { wordFrequencies } from './word-frequencies.ts';

export { migrate } from './schema.ts';

/** FTS5's rank falls below zero the better a passage fits. */
type Hit = readonly [passage: number, rank: number];

/** FTS5's own BM25 over the OR of the words, title twice as heavy as body. */
export function searchText(context: SqliteContext, input: TextQuery): TextHits {
  const memory = readerMemory(context);
  const words = input.words.length > 2 ? withoutFrequent(context, input) : input.words;
  const hits = words.length === 0 ? [] : bestHits(context, words, input);
  const info = passageInfos(context, hits.map(([passage]) => passage));
  const rows = hits.map(([id, rank]) => ({ id, rank, tie: info(id).tie }));
  rows.sort((a, b) => a.rank - b.rank || compareTies(a.tie, b.tie));
  const best = rows.slice(0, input.k);
  return {
    passages: Int32Array.from(best, (row) => row.id),
    scores: Float64Array.from(best, (row) => Math.max(0, -row.rank)),
    ties: best.map((row) => row.tie),
    passageCount: memory.passageCount,
    stemFrequencies: stemFrequencies(context, input.stems),
  };
}

function stemFrequencies(context: SqliteContext, stems: readonly string[]): Int32Array {
  const sql = 'select term, passages from term where term in (select value from json_each(?))';
  const found = new Map(tuples<[string, number]>(context, sql, JSON.stringify(stems)));
  return Int32Array.from(stems, (stem) => found.get(stem) ?? 0);
}

/** Leaves out words that more than `dropShare` of the passages have, while two rarer ones stand. */
function withoutFrequent(context: SqliteContext, input: TextQuery): readonly string[] {
  const { passageCount } = readerMemory(context);
  if (passageCount < (input.dropFrom ?? 0)) return input.words;
  const frequency = wordFrequencies(context, input.words);
  const rare = input.words.filter((word) => frequency(word) <= input.dropShare * passageCount);
  return rare.length >= 2 ? rare : input.words;
}

function bestHits(context: SqliteContext, words: readonly string[], input: TextQuery): Hit[] {
  const match = words.map((word) => `"${indexedWord(word).replaceAll('"', '""')}"`).join(' OR ');
  const allowed = allowedDocuments(context, input.filter);
  const within = allowed === undefined ? '' : ' and rowid in (select id from passage where document in (select value from json_each(?)))';
  const values = allowed === undefined ? [match] : [match, JSON.stringify([...allowed])];
  const sql = `select rowid as id, rank from passage_text where passage_text match ?${within} order by rank`;
  const first = tuples<Hit>(context, `${sql} limit ?`, ...values, input.k + 1);
  const [last, next] = first.slice(input.k - 1);
  if (last === undefined || last[1] !== next?.[1]) return first.slice(0, input.k);
  // Equal scores across the cut: read on to the end of the tie, so that the choice does not depend on the order of arrival.
  const statement = context.sql(sql);
  statement.setReturnArrays(true);
  return upTo(last[1], statement.iterate(...values) as Iterable<unknown>);
}

function upTo(rank: number, rows: Iterable<unknown>): Hit[] {
  const hits: Hit[] = [];
  for (const row of rows) {
    const hit = row as Hit;
    if (hit[1] > rank) break;
    hits.push(hit);
  }
  return hits;
}
