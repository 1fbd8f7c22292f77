import type { HopQuery, NamesQuery } from '../../knowledge-graph.port.ts';
import { type FoundNames, type HopColumns, LINK_MENTION, LINK_OWN_TITLE } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { namesById, namesByNorm } from './counted-names.ts';
import { nameColumns, ragged, targetsOf } from './name-columns.ts';
import { MENTION, type NameLink, TITLE, unpackLinks } from './name-links.ts';
import { scopeOf } from './question-scope.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';
import { stemHits } from './term-counts.ts';

export { isCurrent, migrate } from './schema.ts';

/** Those of the n-grams that are names. */
export function namesIn(context: SqliteContext, input: NamesQuery): FoundNames {
  const names = nameColumns(context, namesByNorm(context, input.ngrams), scopeOf(context, input));
  return { passageCount: readerMemory(context).passageCount, names, targets: targetsOf(context, names) };
}

type BeamRow = readonly [names: Uint8Array, terms: Uint8Array];

const BEAM_SQL = 'select names, terms from passage where id = ?';
const GONE: BeamRow = [new Uint8Array(), new Uint8Array()];

/** The names of the beam's passages, and where they lead. */
export function hop(context: SqliteContext, input: HopQuery): HopColumns {
  const passages = input.beam.map((passage) => tuples<BeamRow>(context, BEAM_SQL, passage)[0] ?? GONE);
  const links = passages.map(([names]) => unpackLinks(names).filter((link) => link.kind === TITLE || link.kind === MENTION));
  const rows = namesById(context, [...new Set(links.flat().map((link) => link.name))]);
  const rowOf = new Map(rows.map((row, i) => [row.id, i]));
  const names = nameColumns(context, rows, scopeOf(context, input));
  return {
    passageCount: readerMemory(context).passageCount,
    names,
    ...linkColumns(links, rowOf),
    stemHits: stemHits(context, passages.map(([, terms]) => terms), input.stems),
    targets: targetsOf(context, names),
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
