import type { HopQuery, NamesQuery } from '../../knowledge-graph.port.ts';
import { type FoundNames, type HopColumns, LINK_MENTION, LINK_OWN_TITLE } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { namesByNorm } from './counted-names.ts';
import { knownNames } from './known-names.ts';
import { nameColumns } from './name-columns.ts';
import { ragged } from '../../ragged-column.ts';
import { GRAM, linksOfInts, MENTION, type NameLink, TITLE } from '../../indexing/name-links.ts';
import { linksOf, termsOf } from './packed-passages.ts';
import { readerMemory } from './reader-memory.ts';
import { scopeOf } from './question-scope.ts';
import { stemHits } from './term-counts.ts';

export { isCurrent, migrate } from './schema.ts';

const NONE = new Int32Array();
const LEADING: ReadonlySet<number> = new Set([TITLE, MENTION, GRAM]);

/** Those of the n-grams that are names. */
export function namesIn(context: SqliteContext, input: NamesQuery): FoundNames {
  const names = knownNames(context, namesByNorm(context, input.ngrams).map((name) => name.id));
  return { passageCount: readerMemory(context).passageCount, names: nameColumns(context, names, scopeOf(context, input)) };
}

/** The names of the beam's passages, and where they lead. */
export function hop(context: SqliteContext, input: HopQuery): HopColumns {
  const packed = linksOf(context, input.beam);
  const links = input.beam.map((passage) => linksOfInts(packed.get(passage) ?? NONE).filter((link) => LEADING.has(link.kind)));
  const found = knownNames(context, [...new Set(links.flat().map((link) => link.name))].sort((a, b) => a - b));
  const names = found.filter((name) => name.leads);
  const grams = new Set(found.filter((name) => name.gram).map((name) => name.id));
  const rowOf = new Map(names.map((name, row) => [name.id, row]));
  // An n-gram leads over its own links; one that is a name by other right over its mentions.
  const leading = links.map((list) => list.filter((link) => (link.kind === GRAM) === grams.has(link.name)));
  const terms = termsOf(context, input.beam);
  return {
    passageCount: readerMemory(context).passageCount,
    names: nameColumns(context, names, scopeOf(context, input)),
    ...linkColumns(leading, rowOf),
    stemHits: stemHits(context, input.beam.map((passage) => terms.get(passage) ?? NONE), input.stems),
  };
}

function linkColumns(links: readonly (readonly NameLink[])[], rowOf: ReadonlyMap<number, number>): Pick<HopColumns, 'links' | 'linkKinds' | 'linkSentences'> {
  const known = links.map((list) => list.filter((link) => rowOf.has(link.name)));
  const flat = known.flat();
  return {
    links: ragged(known.map((list) => list.map((link) => rowOf.get(link.name) ?? 0))),
    linkKinds: Uint8Array.from(flat, (link) => (link.kind === TITLE ? LINK_OWN_TITLE : LINK_MENTION)),
    linkSentences: ragged(flat.map((link) => link.sentences)),
  };
}
