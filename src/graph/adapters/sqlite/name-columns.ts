import { ragged } from '../../ragged-column.ts';
import type { NameColumns, RaggedColumn } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import type { KnownName, ListName, NameMember } from './known.types.ts';
import { passageInfos } from './passage-info.ts';
import type { QuestionScope } from './question-scope.ts';

const NO_MEMBERS: readonly NameMember[] = [];

/** Names as columns, with their lists of passages under a scope. */
export function nameColumns(context: SqliteContext, names: readonly KnownName[], scope: QuestionScope): NameColumns {
  scope.seek(names.flatMap((name) => (name.whole === undefined ? name.members.filter((member) => member.long.size > 0) : NO_MEMBERS)));
  const column = (list: ListName): RaggedColumn => ragged(names.map((name) => listOf(context, { name, list }, scope)));
  return {
    norms: names.map((name) => name.norm),
    keys: Int32Array.from(names, (name) => name.id),
    walk: Uint8Array.from(names, (name) => Number(name.walk)),
    frequencies: Int32Array.from(names, (name) => name.frequency),
    specificities: Float64Array.from(names, (name) => name.specificity),
    titlePassages: column('titles'),
    mentionPassages: column('mentions'),
    inTitlePassages: column('inTitles'),
    hasTitle: Uint8Array.from(names, (name) => Number(name.hasTitle)),
  };
}

function listOf(context: SqliteContext, { name, list }: { readonly name: KnownName; readonly list: ListName }, scope: QuestionScope): ArrayLike<number> {
  const passages = name.whole?.[list] ?? cutList(name, list, scope);
  const { allowed } = scope;
  if (allowed === undefined || passages.length === 0) return passages;
  const kept = Array.from(passages);
  const info = passageInfos(context, kept);
  return kept.filter((passage) => allowed.has(info(passage).document));
}

function cutList(name: KnownName, list: ListName, scope: QuestionScope): readonly number[] {
  const [first, ...others] = name.members.map((member) => (member.long.has(list) ? scope.nearWith(member.id, list) : member.short[list]));
  return others.length === 0 ? (first ?? []) : [...new Set([first ?? [], ...others].flat())];
}
