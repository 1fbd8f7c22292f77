import { STOP_WORDS } from '../../../common/text/stop-words.ts';
import { LONG_LIST, type NameColumns, type RaggedColumn } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { IN_TITLE, MENTION, type NameLink, RUN, TITLE, unpackLinks } from './name-links.ts';
import { passageInfo } from './passage-info.ts';
import { readerMemory } from './reader-memory.ts';
import { all, one } from './rows.ts';
import { wordFrequency } from './search.ops.ts';

/** A name with its counts. */
export interface CountedName {
  readonly id: number;
  readonly norm: string;
  readonly titles: number;
  readonly mentions: number;
  readonly in_titles: number;
  readonly runs: number;
  readonly passages: number;
}

/** What lists of passages are cut to. */
export interface Scope {
  readonly near: readonly number[];
  /** Row ids of documents; nothing for all. */
  readonly allowed: ReadonlySet<number> | undefined;
}

export const NAME_SQL = 'select id, norm, titles, mentions, in_titles, runs, passages from name';

/** A list up to this long is read from the postings and compared with the near ones; of a longer one the near passages are asked. */
const SCAN_LIMIT = 400;

/** The ragged column of a list of lists. */
export function ragged(lists: readonly (readonly number[])[]): RaggedColumn {
  const offsets = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) offsets[i + 1] = (offsets[i] ?? 0) + list.length;
  const values = new Int32Array(offsets.at(-1) ?? 0);
  for (const [i, list] of lists.entries()) values.set(list, offsets[i]);
  return { offsets, values };
}

export function isWalkName(name: CountedName): boolean {
  return name.titles > 0 || name.runs >= 2;
}

/** Names as columns, with their lists of passages under a scope. */
export function nameColumns(context: SqliteContext, names: readonly CountedName[], scope: Scope): NameColumns {
  const near = new Set(scope.near);
  const list = (name: CountedName, kind: number, count: number): number[] => {
    if (count === 0) return [];
    const found = count <= SCAN_LIMIT ? posted(context, name.id, kind) : nearWith(context, scope.near, name.id, kind);
    const cut = count > LONG_LIST && count <= SCAN_LIMIT ? found.filter((passage) => near.has(passage)) : found;
    const { allowed } = scope;
    return allowed === undefined ? cut : cut.filter((passage) => allowed.has(passageInfo(context, passage).document));
  };
  return {
    norms: names.map((name) => name.norm),
    keys: Int32Array.from(names, (name) => name.id),
    walk: Uint8Array.from(names, (name) => Number(isWalkName(name))),
    frequencies: Int32Array.from(names, (name) => (isWalkName(name) ? name.passages : name.runs)),
    wordFrequencies: ragged(names.map((name) => contentWords(name.norm).map((word) => wordFrequency(context, word)))),
    titlePassages: ragged(names.map((name) => list(name, TITLE, name.titles))),
    mentionPassages: ragged(names.map((name) => (isWalkName(name) ? list(name, MENTION, name.mentions) : list(name, RUN, name.runs)))),
    inTitlePassages: ragged(names.map((name) => list(name, IN_TITLE, name.in_titles))),
    hasTitle: Uint8Array.from(names, (name) => Number(name.titles > 0)),
  };
}

function contentWords(norm: string): string[] {
  return norm.split(' ').filter((word) => !STOP_WORDS.has(word));
}

function posted(context: SqliteContext, name: number, kind: number): number[] {
  const sql = 'select passage from post where name = ? and kind = ?';
  return all<{ passage: number }>(context, sql, name, kind).map((row) => row.passage);
}

/** The near passages that hold a name, by inverting their own lists once a question. */
function nearWith(context: SqliteContext, near: readonly number[], name: number, kind: number): number[] {
  const memory = readerMemory(context);
  const key = near.join();
  if (memory.nearIndex?.near !== key) memory.nearIndex = { near: key, byName: invert(context, near) };
  return (memory.nearIndex.byName.get(name) ?? []).filter((link) => link.kind === kind).map((link) => link.passage);
}

function invert(context: SqliteContext, near: readonly number[]): Map<number, (NameLink & { passage: number })[]> {
  const byName = new Map<number, (NameLink & { passage: number })[]>();
  for (const passage of near.toSorted((a, b) => a - b)) {
    for (const link of linksOf(context, passage)) {
      const list = byName.get(link.name);
      if (list === undefined) byName.set(link.name, [{ ...link, passage }]);
      else list.push({ ...link, passage });
    }
  }
  return byName;
}

export function linksOf(context: SqliteContext, passage: number): NameLink[] {
  const row = one<{ names: Uint8Array }>(context, 'select names from passage where id = ?', passage);
  return row === undefined ? [] : unpackLinks(row.names);
}

/** Every passage the columns list, once, with its tie. */
export function targetsOf(context: SqliteContext, names: NameColumns): { passages: Int32Array; ties: string[] } {
  const passages = new Set([...names.titlePassages.values, ...names.mentionPassages.values, ...names.inTitlePassages.values]);
  return { passages: Int32Array.from(passages), ties: Array.from(passages, (passage) => passageInfo(context, passage).tie) };
}
