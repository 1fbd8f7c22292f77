import type { NameColumns, RaggedColumn } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { type KnownName, type ListName, LISTS, type NameMember } from './known.types.ts';
import { passageInfos } from './passage-info.ts';
import type { QuestionScope } from './question-scope.ts';

/** The ragged column of a list of lists. */
export function ragged(lists: readonly (readonly number[])[]): RaggedColumn {
  const offsets = new Int32Array(lists.length + 1);
  let end = 0;
  for (const [i, list] of lists.entries()) {
    end += list.length;
    offsets[i + 1] = end;
  }
  const values = new Int32Array(end);
  for (const [i, list] of lists.entries()) values.set(list, offsets[i]);
  return { offsets, values };
}

/** Names as columns, with their lists of passages under a scope. */
export function nameColumns(context: SqliteContext, names: readonly KnownName[], scope: QuestionScope): NameColumns {
  scope.seek(names.flatMap((name) => name.members.filter((member) => member.long.size > 0)));
  const columns = LISTS.map((list): [ListName, RaggedColumn] => [list, ragged(names.map((name) => listOf(context, { name, list }, scope)))]);
  const { titles, mentions, inTitles } = Object.fromEntries(columns) as Record<ListName, RaggedColumn>;
  return {
    norms: names.map((name) => name.norm),
    keys: Int32Array.from(names, (name) => name.id),
    walk: Uint8Array.from(names, (name) => Number(name.walk)),
    frequencies: Int32Array.from(names, (name) => name.frequency),
    specificities: Float64Array.from(names, (name) => name.specificity),
    titlePassages: titles,
    mentionPassages: mentions,
    inTitlePassages: inTitles,
    hasTitle: Uint8Array.from(names, (name) => Number(name.hasTitle)),
  };
}

function listOf(context: SqliteContext, { name, list }: { readonly name: KnownName; readonly list: ListName }, scope: QuestionScope): readonly number[] {
  const [first, ...others] = name.members.map((member) => ofMember(member, list, scope));
  const passages = others.length === 0 ? (first ?? []) : [...new Set([first ?? [], ...others].flat())];
  const { allowed } = scope;
  if (allowed === undefined || passages.length === 0) return passages;
  const info = passageInfos(context, passages);
  return passages.filter((passage) => allowed.has(info(passage).document));
}

function ofMember(member: NameMember, list: ListName, scope: QuestionScope): readonly number[] {
  return member.long.has(list) ? scope.nearWith(member.id, list) : member.short[list];
}
