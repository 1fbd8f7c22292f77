import type { HopQuery, NamesQuery } from '../../knowledge-graph.port.ts';
import { type FoundNames, type HopColumns, LINK_MENTION, LINK_OWN_TITLE } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { isGramName, isWalkName, namesById, namesByNorm, usableNames } from './counted-names.ts';
import { nameColumns, ragged, targetsOf } from './name-columns.ts';
import { GRAM, MENTION, type NameLink, TITLE, unpackLinks } from './name-links.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';

export { migrate } from './schema.ts';

/** Those of the n-grams that are names. */
export function namesIn(context: SqliteContext, input: NamesQuery): FoundNames {
  const usable = usableNames(namesByNorm(context, input.ngrams), readerMemory(context).passageCount);
  const names = nameColumns(context, usable, { near: input.near, allowed: allowedDocuments(context, input.filter) });
  return { passageCount: readerMemory(context).passageCount, names, targets: targetsOf(context, names) };
}

const LEADING: ReadonlySet<number> = new Set([TITLE, MENTION, GRAM]);

type BeamRow = readonly [names: Uint8Array, sentences: string, titleTerms: string];

const BEAM_SQL = 'select names, sentences, title_terms from passage where id = ?';
const GONE: BeamRow = [new Uint8Array(), '', ''];

/** The names of the beam's passages, and where they lead. */
export function hop(context: SqliteContext, input: HopQuery): HopColumns {
  const passages = input.beam.map((passage) => tuples<BeamRow>(context, BEAM_SQL, passage)[0] ?? GONE);
  const links = passages.map(([names]) => unpackLinks(names).filter((link) => LEADING.has(link.kind)));
  const found = usableNames(namesById(context, [...new Set(links.flat().map((link) => link.name))]), readerMemory(context).passageCount);
  // An n-gram leads over its own links; one that is a name by other right over its mentions.
  const grams = new Set(found.filter(isGramName).map((name) => name.id));
  const leading = links.map((list) => list.filter((link) => (link.kind === GRAM) === grams.has(link.name)));
  const rows = found.filter((name) => isGramName(name) || isWalkName(name));
  const rowOf = new Map(rows.map((row, i) => [row.id, i]));
  const names = nameColumns(context, rows, { near: input.near, allowed: allowedDocuments(context, input.filter) });
  return {
    passageCount: readerMemory(context).passageCount,
    names,
    ...linkColumns(leading, rowOf),
    sentenceTerms: passages.map(([, sentences]) => sentences),
    titleTerms: passages.map(([, , title]) => title),
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
