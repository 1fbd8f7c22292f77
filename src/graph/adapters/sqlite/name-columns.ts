import { STOP_WORDS } from '../../../common/text/stop-words.ts';
import { LONG_LIST, type NameColumns, type RaggedColumn } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { namesBehind } from './alias-names.ts';
import { type CountedName, countOf, isGramName, isWalkName, type LinkKind, LISTED } from './counted-names.ts';
import { GRAM, IN_TITLE, MENTION, type NameLink, RUN, TITLE, unpackLinks } from './name-links.ts';
import { passageInfos } from './passage-info.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';
import { wordFrequencies } from './word-frequencies.ts';

/** What lists of passages are cut to. */
export interface Scope {
  readonly near: readonly number[];
  /** Row ids of documents; nothing for all. */
  readonly allowed: ReadonlySet<number> | undefined;
}

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

/** Names as columns, with their lists of passages under a scope. */
export function nameColumns(context: SqliteContext, names: readonly CountedName[], scope: Scope): NameColumns {
  const behind = namesBehind(context, names);
  const group = (name: CountedName): readonly CountedName[] => [name, ...behind(name)];
  const grouped = [...new Map(names.flatMap(group).map((name) => [name.id, name])).values()];
  const lists = new NameLists(context, grouped, scope);
  const union = (name: CountedName, kind: (of: CountedName) => LinkKind): number[] => [...new Set(group(name).flatMap((each) => lists.of(each, kind(each))))];
  const words = names.map((name) => name.norm.split(' ').filter((word) => !STOP_WORDS.has(word)));
  const frequency = wordFrequencies(context, words.flat());
  return {
    norms: names.map((name) => name.norm),
    keys: Int32Array.from(names, (name) => name.id),
    walk: Uint8Array.from(names, (name) => Number(group(name).some((each) => isWalkName(each) || isGramName(each)))),
    frequencies: Int32Array.from(names, (name) => group(name).reduce((sum, each) => sum + frequencyOf(each), 0)),
    wordFrequencies: ragged(words.map((list) => list.map(frequency))),
    titlePassages: ragged(names.map((name) => union(name, () => TITLE))),
    mentionPassages: ragged(names.map((name) => union(name, mentionKind))),
    inTitlePassages: ragged(names.map((name) => union(name, () => IN_TITLE))),
    hasTitle: Uint8Array.from(names, (name) => Number(group(name).some((each) => each.titles > 0))),
  };
}

/** By what kind of link a name leads to the passages that mention it. */
function mentionKind(name: CountedName): LinkKind {
  if (isWalkName(name)) return MENTION;
  return name.grams > 0 ? GRAM : RUN;
}

function frequencyOf(name: CountedName): number {
  return isWalkName(name) ? name.passages : Math.max(name.runs, name.grams);
}

/** The names' lists of passages: short ones read together, long ones cut to the near passages. */
class NameLists {
  readonly #context: SqliteContext;
  readonly #scope: Scope;
  readonly #near: ReadonlySet<number>;
  readonly #posts = new Map<number, number[][]>();

  constructor(context: SqliteContext, names: readonly CountedName[], scope: Scope) {
    this.#context = context;
    this.#scope = scope;
    this.#near = new Set(scope.near);
    this.#readPosts(names.filter(isWalkName), 'kind < 3');
    this.#readPosts(names.filter((name) => !isWalkName(name)), 'kind in (3, 4)');
  }

  of(name: CountedName, kind: LinkKind): number[] {
    const count = countOf(name, kind);
    if (count === 0) return [];
    const found = count > SCAN_LIMIT ? nearWith(this.#context, this.#scope.near, name.id, kind) : (this.#posts.get(name.id)?.[kind] ?? []);
    const cut = count > LONG_LIST && count <= SCAN_LIMIT ? found.filter((passage) => this.#near.has(passage)) : found;
    return this.#allowed(cut);
  }

  #allowed(passages: number[]): number[] {
    const { allowed } = this.#scope;
    if (allowed === undefined) return passages;
    const info = passageInfos(this.#context, passages);
    return passages.filter((passage) => allowed.has(info(passage).document));
  }

  #readPosts(names: readonly CountedName[], kinds: string): void {
    // A name with one list too long to read is left to the near passages for that list only; its others are read apart.
    const short = names.filter((name) => LISTED.every((kind) => countOf(name, kind) <= SCAN_LIMIT)).map((name) => name.id);
    const sql = `select name, kind, passage from post where name in (select value from json_each(?)) and ${kinds}`;
    this.#keep(tuples<[number, number, number]>(this.#context, sql, JSON.stringify(short)));
    for (const name of names) {
      if (LISTED.every((kind) => countOf(name, kind) <= SCAN_LIMIT)) continue;
      for (const kind of LISTED.filter((each) => countOf(name, each) <= SCAN_LIMIT)) {
        const one = 'select name, kind, passage from post where name = ? and kind = ?';
        this.#keep(tuples<[number, number, number]>(this.#context, one, name.id, kind));
      }
    }
  }

  #keep(rows: readonly (readonly [name: number, kind: number, passage: number])[]): void {
    for (const [name, kind, passage] of rows) {
      const lists = this.#posts.get(name) ?? [[], [], [], [], []];
      this.#posts.set(name, lists);
      lists[kind]?.push(passage);
    }
  }
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
  const sql = 'select id, names from passage where id in (select value from json_each(?))';
  for (const [passage, packed] of tuples<[number, Uint8Array]>(context, sql, JSON.stringify(near))) {
    for (const link of unpackLinks(packed)) {
      const list = byName.get(link.name);
      if (list === undefined) byName.set(link.name, [{ ...link, passage }]);
      else list.push({ ...link, passage });
    }
  }
  return byName;
}


/** Every passage the columns list, once, with its tie. */
export function targetsOf(context: SqliteContext, names: NameColumns): { passages: Int32Array; ties: string[] } {
  const passages = new Set([...names.titlePassages.values, ...names.mentionPassages.values, ...names.inTitlePassages.values]);
  const info = passageInfos(context, passages);
  return { passages: Int32Array.from(passages), ties: Array.from(passages, (passage) => info(passage).tie) };
}
