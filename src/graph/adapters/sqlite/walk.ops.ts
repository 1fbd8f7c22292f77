import type { HopQuery, NamesQuery } from '../../knowledge-graph.port.ts';
import { type FoundNames, type HopColumns, LINK_MENTION, LINK_OWN_TITLE } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { type CountedName, linksOf, NAME_SQL, nameColumns, ragged, targetsOf } from './name-columns.ts';
import { MENTION, type NameLink, TITLE } from './name-links.ts';
import { readerMemory } from './reader-memory.ts';
import { one } from './rows.ts';

export { migrate } from './schema.ts';

/** Those of the n-grams that are names. */
export function namesIn(context: SqliteContext, input: NamesQuery): FoundNames {
  const rows = input.ngrams.map((norm) => one<CountedName>(context, `${NAME_SQL} where norm = ?`, norm));
  const found = rows.filter((row) => row !== undefined);
  const names = nameColumns(context, found, { near: input.near, allowed: allowedDocuments(context, input.filter) });
  return { passageCount: readerMemory(context).passageCount, names, targets: targetsOf(context, names) };
}

/** The names of the beam's passages, and where they lead. */
export function hop(context: SqliteContext, input: HopQuery): HopColumns {
  const links = input.beam.map((passage) => linksOf(context, passage).filter((link) => link.kind === TITLE || link.kind === MENTION));
  const ids = [...new Set(links.flat().map((link) => link.name))];
  const rows = ids.map((id) => one<CountedName>(context, `${NAME_SQL} where id = ?`, id)).filter((row) => row !== undefined);
  const rowOf = new Map(rows.map((row, i) => [row.id, i]));
  const names = nameColumns(context, rows, { near: input.near, allowed: allowedDocuments(context, input.filter) });
  return {
    passageCount: readerMemory(context).passageCount,
    names,
    ...linkColumns(links, rowOf),
    ...textColumns(context, input.beam),
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

function textColumns(context: SqliteContext, beam: readonly number[]): Pick<HopColumns, 'sentenceTerms' | 'titleTerms'> {
  const sql = 'select sentences, title_terms as title from passage where id = ?';
  const rows = beam.map((passage) => one<{ sentences: string; title: string }>(context, sql, passage));
  return { sentenceTerms: rows.map((row) => row?.sentences ?? ''), titleTerms: rows.map((row) => row?.title ?? '') };
}
