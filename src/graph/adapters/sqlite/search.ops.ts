import type { TextQuery } from '../../passage-index.port.ts';
import type { TextHits } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { compareTies, passageInfo } from './passage-info.ts';
import { readerMemory, remember } from './reader-memory.ts';
import { all, one } from './rows.ts';

export { migrate } from './schema.ts';

interface Hit {
  readonly id: number;
  readonly rank: number;
}

/** FTS5's own BM25 over the OR of the words, title twice as heavy as body. */
export function searchText(context: SqliteContext, input: TextQuery): TextHits {
  const memory = readerMemory(context);
  const words = input.words.length > 2 ? withoutFrequent(context, input) : input.words;
  const hits = words.length === 0 ? [] : bestHits(context, words, input);
  const rows = hits.map((hit) => ({ ...hit, tie: passageInfo(context, hit.id).tie }));
  rows.sort((a, b) => a.rank - b.rank || compareTies(a.tie, b.tie));
  const best = rows.slice(0, input.k);
  return {
    passages: Int32Array.from(best, (row) => row.id),
    scores: Float64Array.from(best, (row) => Math.max(0, -row.rank)),
    ties: best.map((row) => row.tie),
    passageCount: memory.passageCount,
    stemFrequencies: Int32Array.from(input.stems, (stem) => one<{ passages: number }>(context, 'select passages from term where term = ?', stem)?.passages ?? 0),
  };
}

/** Leaves out words that more than `dropShare` of the passages have, while two rarer ones stand. */
function withoutFrequent(context: SqliteContext, input: TextQuery): readonly string[] {
  const { passageCount } = readerMemory(context);
  if (passageCount < (input.dropFrom ?? 0)) return input.words;
  const limit = input.dropShare * passageCount;
  const rare = input.words.filter((word) => wordFrequency(context, word) <= limit);
  return rare.length >= 2 ? rare : input.words;
}

/** Passages that have a word. */
export function wordFrequency(context: SqliteContext, word: string): number {
  const sql = 'select passages from word where word = ?';
  return remember(readerMemory(context).wordFrequencies, word, () => one<{ passages: number }>(context, sql, word)?.passages ?? 0);
}

function bestHits(context: SqliteContext, words: readonly string[], input: TextQuery): Hit[] {
  const match = words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' OR ');
  const allowed = allowedDocuments(context, input.filter);
  const within = allowed === undefined ? '' : ' and rowid in (select id from passage where document in (select value from json_each(?)))';
  const values = allowed === undefined ? [match] : [match, JSON.stringify([...allowed])];
  const sql = `select rowid as id, rank from passage_text where passage_text match ?${within} order by rank`;
  const first = all<Hit>(context, `${sql} limit ?`, ...values, input.k + 1);
  const [last, next] = first.slice(input.k - 1);
  if (last === undefined || last.rank !== next?.rank) return first.slice(0, input.k);
  // Equal scores across the cut: read on to the end of the tie, so that the choice does not depend on the order of arrival.
  return upTo(last.rank, context.sql(sql).iterate(...values) as Iterable<unknown>);
}

function upTo(rank: number, rows: Iterable<unknown>): Hit[] {
  const hits: Hit[] = [];
  for (const row of rows) {
    const hit = row as Hit;
    if (hit.rank > rank) break;
    hits.push(hit);
  }
  return hits;
}
