import type { TermCountQuery } from '../../passage-index.port.ts';
import type { RaggedColumn, TermCounts } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { KnownTerm } from './known.types.ts';
import { END, scanTerms } from '../../indexing/packed-terms.ts';
import { termsOf } from './packed-passages.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';

const NONE = new Int32Array();
const MARKS = 0xfff;
const ABSENT: KnownTerm = { id: 0, passages: 0 };
const TERMS = 'select term, id, passages from term where term in (select value from json_each(?))';

/** What is known of each stem, in order. */
export function knownTerms(context: SqliteContext, stems: readonly string[]): KnownTerm[] {
  const read = (missing: readonly string[]): [string, KnownTerm][] =>
    tuples<[string, number, number]>(context, TERMS, JSON.stringify(missing)).map(([term, id, passages]) => [term, { id, passages }]);
  const known = readerMemory(context).terms.all(stems, read, ABSENT);
  return stems.map((stem) => known.get(stem) ?? ABSENT);
}

/** For a stem's integer its place among the stems asked. */
function placesOf(context: SqliteContext, stems: readonly string[]): Map<number, number> {
  const places = knownTerms(context, stems).map(({ id }, place): [number, number] => [id, place]);
  return new Map(places.filter(([id]) => id !== 0));
}

/** How often stems, and pairs of them in a row, stand in passages. */
export function termCounts(context: SqliteContext, query: TermCountQuery): TermCounts {
  const counter = new Counter(query, placesOf(context, query.stems));
  const packed = termsOf(context, query.passages);
  for (const [row, passage] of query.passages.entries()) counter.count(row, packed.get(passage) ?? NONE);
  const memory = readerMemory(context);
  return { ...counter.columns, meanTitleLength: memory.meanTitleLength, meanBodyLength: memory.meanBodyLength };
}

/** Counts into columns of rows × stems and rows × pairs. */
class Counter {
  readonly columns: Omit<TermCounts, 'meanBodyLength' | 'meanTitleLength'>;
  readonly #places: ReadonlyMap<number, number>;
  /** Marks the last bits of the terms asked, so that almost all others are passed over at the cost of one look. */
  readonly #marks = new Uint8Array(MARKS + 1);
  readonly #stems: number;
  readonly #pairs: number;
  /** For place of the first × stems + place of the second: the pair. */
  readonly #pairAt = new Map<number, number>();

  constructor({ passages, stems, pairs }: TermCountQuery, places: ReadonlyMap<number, number>) {
    this.#places = places;
    for (const term of places.keys()) this.#marks[term & MARKS] = 1;
    this.#stems = stems.length;
    this.#pairs = pairs.length;
    for (const [pair, [first, second]] of pairs.entries()) this.#pairAt.set(first * stems.length + second, pair);
    const cells = passages.length * stems.length;
    const pairCells = passages.length * pairs.length;
    this.columns = {
      titleLengths: new Int32Array(passages.length),
      bodyLengths: new Int32Array(passages.length),
      titleCounts: new Uint16Array(cells),
      bodyCounts: new Uint16Array(cells),
      titlePairs: new Uint16Array(pairCells),
      bodyPairs: new Uint16Array(pairCells),
    };
  }

  /** A question goes through some hundred passages here, so the packed integers are read in place. */
  count(row: number, packed: Int32Array): void {
    const title = packed.indexOf(END);
    const marks = this.#marks;
    let before = -1;
    let ends = 0;
    for (let i = 0; i < packed.length; i += 1) {
      const term = packed[i] ?? END;
      if (term === END) ends += 1;
      const place = marks[term & MARKS] === 1 ? (this.#places.get(term) ?? -1) : -1;
      if (place >= 0) this.#found(row, i < title, before, place);
      before = place;
    }
    this.columns.titleLengths[row] = Math.max(0, title);
    this.columns.bodyLengths[row] = packed.length - ends - Math.max(0, title);
  }

  #found(row: number, inTitle: boolean, before: number, place: number): void {
    const { titleCounts, bodyCounts, titlePairs, bodyPairs } = this.columns;
    bump(inTitle ? titleCounts : bodyCounts, row * this.#stems + place);
    const pair = before < 0 ? undefined : this.#pairAt.get(before * this.#stems + place);
    if (pair !== undefined) bump(inTitle ? titlePairs : bodyPairs, row * this.#pairs + pair);
  }
}

function bump(counts: Int32Array | Uint16Array, cell: number): void {
  counts[cell] = (counts[cell] ?? 0) + 1;
}

/**
 * Which of the stems stand in which sentences of passages. Rows are passages; values alternate the number of a sentence (-1: the title)
 * and the place of a stem it holds, each once.
 */
export function stemHits(context: SqliteContext, packed: readonly Int32Array[], stems: readonly string[]): RaggedColumn {
  const places = placesOf(context, stems);
  const values: number[] = [];
  const offsets = new Int32Array(packed.length + 1);
  for (const [row, terms] of packed.entries()) {
    const seen = new Set<number>();
    const visit = (term: number, sentence: number): void => {
      const place = places.get(term);
      if (place === undefined || seen.has(place)) return;
      seen.add(place);
      values.push(sentence, place);
    };
    scanTerms(terms, visit, () => {
      seen.clear();
    });
    offsets[row + 1] = values.length;
  }
  return { offsets, values: Int32Array.from(values) };
}
