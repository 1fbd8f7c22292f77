import { STOP_WORDS } from '../../../common/text/stop-words.ts';
import type { NameColumns, RaggedColumn } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { type CountedName, isWalkName } from './counted-names.ts';
import { IN_TITLE, MENTION, RUN, TITLE } from './name-links.ts';
import { NameLists } from './name-lists.ts';
import { passageInfos } from './passage-info.ts';
import type { QuestionScope } from './question-scope.ts';
import { wordFrequencies } from './word-frequencies.ts';

/** The ragged column of a list of lists. */
export function ragged(lists: readonly (readonly number[])[]): RaggedColumn {
  const offsets = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) offsets[i + 1] = (offsets[i] ?? 0) + list.length;
  const values = new Int32Array(offsets.at(-1) ?? 0);
  for (const [i, list] of lists.entries()) values.set(list, offsets[i]);
  return { offsets, values };
}

/** Names as columns, with their lists of passages under a scope. */
export function nameColumns(context: SqliteContext, names: readonly CountedName[], scope: QuestionScope): NameColumns {
  const lists = new NameLists(context, names, scope);
  const words = names.map((name) => name.norm.split(' ').filter((word) => !STOP_WORDS.has(word)));
  const frequency = wordFrequencies(context, words.flat());
  return {
    norms: names.map((name) => name.norm),
    keys: Int32Array.from(names, (name) => name.id),
    walk: Uint8Array.from(names, (name) => Number(isWalkName(name))),
    frequencies: Int32Array.from(names, (name) => (isWalkName(name) ? name.passages : name.runs)),
    wordFrequencies: ragged(words.map((list) => list.map(frequency))),
    titlePassages: ragged(names.map((name) => lists.of(name, TITLE))),
    mentionPassages: ragged(names.map((name) => lists.of(name, isWalkName(name) ? MENTION : RUN))),
    inTitlePassages: ragged(names.map((name) => lists.of(name, IN_TITLE))),
    hasTitle: Uint8Array.from(names, (name) => Number(name.titles > 0)),
  };
}

/** Every passage the columns list, once, with its tie. */
export function targetsOf(context: SqliteContext, names: NameColumns): { passages: Int32Array; ties: string[] } {
  const passages = new Set([...names.titlePassages.values, ...names.mentionPassages.values, ...names.inTitlePassages.values]);
  const info = passageInfos(context, passages);
  return { passages: Int32Array.from(passages), ties: Array.from(passages, (passage) => info(passage).tie) };
}
