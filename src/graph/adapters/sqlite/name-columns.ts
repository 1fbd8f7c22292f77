import { LONG_LIST, type NameColumns, type RaggedColumn } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { countOf, LISTED } from './counted-names.ts';
import type { KnownName } from './known-names.ts';
import { MENTION } from './name-links.ts';
import { passageInfos } from './passage-info.ts';
import type { QuestionScope } from './question-scope.ts';

/** The ragged column of a list of lists. */
export function ragged(lists: readonly (readonly number[])[]): RaggedColumn {
  const offsets = new Int32Array(lists.length + 1);
  let end = 0;
  for (let i = 0; i < lists.length; i += 1) {
    end += lists[i]?.length ?? 0;
    offsets[i + 1] = end;
  }
  const values = new Int32Array(end);
  for (let i = 0; i < lists.length; i += 1) values.set(lists[i] ?? [], offsets[i]);
  return { offsets, values };
}

/** Names as columns, with their lists of passages under a scope. */
export function nameColumns(context: SqliteContext, names: readonly KnownName[], scope: QuestionScope): NameColumns {
  scope.seek(names.filter((name) => LISTED.some((kind) => isLong(name, kind))).map((name) => name.counts.id));
  const [titles, mentions, inTitles] = LISTED.map((kind) => ragged(names.map((name) => listOf(context, { name, kind }, scope))));
  const none = ragged([]);
  return {
    norms: names.map((name) => name.counts.norm),
    keys: Int32Array.from(names, (name) => name.counts.id),
    walk: Uint8Array.from(names, (name) => Number(name.walk)),
    frequencies: Int32Array.from(names, (name) => name.frequency),
    specificities: Float64Array.from(names, (name) => name.specificity),
    titlePassages: titles ?? none,
    mentionPassages: mentions ?? none,
    inTitlePassages: inTitles ?? none,
    hasTitle: Uint8Array.from(names, (name) => Number(name.counts.titles > 0)),
  };
}

type Listed = (typeof LISTED)[number];

/** A rare name's runs stand in place of its mentions, and are few. */
function isLong(name: KnownName, kind: Listed): boolean {
  return countOf(name.counts, kind) > LONG_LIST && (name.walk || kind !== MENTION);
}

function listOf(context: SqliteContext, { name, kind }: { readonly name: KnownName; readonly kind: Listed }, scope: QuestionScope): readonly number[] {
  const list = isLong(name, kind) ? scope.nearWith(name.counts.id)[kind] : name.short[kind];
  const { allowed } = scope;
  if (allowed === undefined || list.length === 0) return list;
  const info = passageInfos(context, list);
  return list.filter((passage) => allowed.has(info(passage).document));
}
