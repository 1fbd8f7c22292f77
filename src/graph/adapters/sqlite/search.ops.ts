import { porterStem } from '../../../common/text/porter.ts';
import type { TextQuery } from '../../passage-index.port.ts';
import { compareTies, type TextHits } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { indexedWord } from './indexed-text.ts';
import { passageInfos } from './passage-info.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';
import { knownTerms } from './term-counts.ts';

export { isCurrent, migrate } from './schema.ts';
export { termCounts } from './term-counts.ts';

/** FTS5's rank falls below zero the better a passage fits. */
type Hit = readonly [passage: number, rank: number];

const NOTHING: Pick<TextHits, 'passages' | 'scores'> = { passages: new Int32Array(), scores: new Float64Array() };

/** Read beyond the passages wanted, so that a tie across the cut seldom needs a second search. */
const TIES = 50;

/** FTS5's own BM25 over the OR of the words, title twice as heavy as body. */
export function searchText(context: SqliteContext, input: TextQuery): TextHits {
  return {
    ...hitsOf(context, withoutFrequent(context, input), input),
    passageCount: readerMemory(context).passageCount,
    stemFrequencies: Int32Array.from(knownTerms(context, input.stems), (term) => term.passages),
  };
}

/** Places of passages among equals. */
export function ties(context: SqliteContext, { keys }: { readonly keys: readonly number[] }): string[] {
  const info = passageInfos(context, keys);
  return keys.map((key) => info(key).tie);
}

/** Hits by rank, equal ones by tie; ties are looked up for those only. */
function inOrder(context: SqliteContext, hits: readonly Hit[]): readonly Hit[] {
  const equal = hits.filter(([, rank], i) => rank === hits[i - 1]?.[1] || rank === hits[i + 1]?.[1]).map(([passage]) => passage);
  if (equal.length === 0) return hits;
  const info = passageInfos(context, equal);
  // Of identical passages there may be thousands: each tie is looked up once, not at each comparison.
  const rows = hits.map((hit) => ({ hit, rank: hit[1], tie: info(hit[0]).tie }));
  return rows.sort((a, b) => a.rank - b.rank || compareTies(a.tie, b.tie)).map(({ hit }) => hit);
}

function hitsOf(context: SqliteContext, words: readonly string[], input: TextQuery): Pick<TextHits, 'passages' | 'scores'> {
  if (words.length === 0) return NOTHING;
  const search = searchOf(context, words, input);
  // Ranking costs FTS5 several times what finding does.
  const all = input.unranked === true ? allHits(context, search, input.postings) : undefined;
  return all ?? rankedHits(context, search, input.k);
}

/** The rarest words whose passages, summed up, stay within the postings asked; at least two that any passage has. */
function withoutFrequent(context: SqliteContext, { words, postings }: TextQuery): readonly string[] {
  if (postings === undefined) return words;
  const terms = knownTerms(context, words.map(porterStem));
  const rarestFirst = words.map((word, i) => ({ word, passages: terms[i]?.passages ?? 0 })).sort((a, b) => a.passages - b.passages || (a.word < b.word ? -1 : 1));
  let sum = 0;
  let standing = 0;
  return rarestFirst.flatMap(({ word, passages }) => {
    sum += passages;
    if (standing >= 2 && sum > postings) return [];
    standing += Number(passages > 0);
    return [word];
  });
}

/** What follows `from passage_text` in a search, and its values. */
interface TextSearch {
  readonly where: string;
  readonly values: readonly string[];
}

function searchOf(context: SqliteContext, words: readonly string[], input: TextQuery): TextSearch {
  const match = words.map((word) => `"${indexedWord(word).replaceAll('"', '""')}"`).join(' OR ');
  const allowed = allowedDocuments(context, input.filter);
  const within = allowed === undefined ? '' : ' and rowid in (select id from passage where document in (select value from json_each(?)))';
  return { where: `where passage_text match ?${within}`, values: allowed === undefined ? [match] : [match, JSON.stringify([...allowed])] };
}

/** Every passage with one of the words, unless they are more than `most`. */
function allHits(context: SqliteContext, { where, values }: TextSearch, most = Number.POSITIVE_INFINITY): Pick<TextHits, 'passages' | 'scores'> | undefined {
  const limit = Number.isFinite(most) ? most + 1 : -1;
  const rows = tuples<[passage: number]>(context, `select rowid from passage_text ${where} order by rowid limit ?`, ...values, limit);
  return rows.length > most ? undefined : { passages: Int32Array.from(rows, ([passage]) => passage), scores: new Float64Array(rows.length) };
}

function rankedHits(context: SqliteContext, search: TextSearch, k: number): Pick<TextHits, 'passages' | 'scores'> {
  const best = inOrder(context, bestHits(context, search, k)).slice(0, k);
  return { passages: Int32Array.from(best, ([passage]) => passage), scores: Float64Array.from(best, ([, rank]) => Math.max(0, -rank)) };
}

function bestHits(context: SqliteContext, { where, values }: TextSearch, k: number): Hit[] {
  const sql = `select rowid as id, rank from passage_text ${where} order by rank`;
  const wanted = k + TIES;
  const first = tuples<Hit>(context, `${sql} limit ?`, ...values, wanted);
  const last = first[k - 1];
  if (last === undefined || first.length < wanted || first.at(-1)?.[1] !== last[1]) return first;
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
