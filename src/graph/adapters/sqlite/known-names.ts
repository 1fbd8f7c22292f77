import { STOP_WORDS } from '../../../common/text/stop-words.ts';
import { LONG_LIST } from '../../retrieval-columns.types.ts';
import { specificityOf } from '../../specificity.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { type CountedName, countOf, isWalkName, LISTED, namesById } from './counted-names.ts';
import { MENTION, RUN } from './name-links.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';
import { wordFrequencies } from './word-frequencies.ts';

/** A name's passages by kind of link: title, mention (of a rare name its run), in title; a list longer than LONG_LIST is left empty. */
type ShortLists = readonly [titles: readonly number[], mentions: readonly number[], inTitles: readonly number[]];

/** A name with what does not depend on the question. */
export interface KnownName {
  readonly counts: CountedName;
  readonly walk: boolean;
  /** Passages that have it. */
  readonly frequency: number;
  readonly specificity: number;
  readonly short: ShortLists;
}

type Post = readonly [name: number, kind: number, passage: number];

const POSTS = 'select name, kind, passage from post where name in (select value from json_each(?))';
const ONE_LIST = 'select name, kind, passage from post where name = ? and kind = ?';

/** Names by their integers, in the order asked; those that have gone are left out. */
export function knownNames(context: SqliteContext, ids: readonly number[]): KnownName[] {
  const known = readerMemory(context).names.all(ids, (missing) => readNames(context, missing), undefined);
  return ids.map((id) => known.get(id)).filter((name) => name !== undefined);
}

function readNames(context: SqliteContext, ids: readonly number[]): [number, KnownName][] {
  const names = namesById(context, ids);
  const { passageCount } = readerMemory(context);
  const words = names.map((name) => name.norm.split(' ').filter((word) => !STOP_WORDS.has(word)));
  const frequencyOf = wordFrequencies(context, words.flat());
  const lists = readLists(context, names);
  return names.map((counts, i) => {
    const walk = isWalkName(counts);
    const frequency = walk ? counts.passages : counts.runs;
    const specificity = specificityOf(frequency, (words[i] ?? []).map(frequencyOf), passageCount);
    return [counts.id, { counts, walk, frequency, specificity, short: lists.get(counts.id) ?? [[], [], []] }];
  });
}

function readLists(context: SqliteContext, names: readonly CountedName[]): Map<number, ShortLists> {
  const lists = new Map<number, [number[], number[], number[]]>(names.map((name) => [name.id, [[], [], []]]));
  const keep = (posts: readonly Post[]): void => {
    for (const [name, kind, passage] of posts) lists.get(name)?.[kind === RUN ? MENTION : kind]?.push(passage);
  };
  const isShort = (name: CountedName): boolean => LISTED.every((kind) => countOf(name, kind) <= LONG_LIST);
  const ids = (list: readonly CountedName[]): string => JSON.stringify(list.map((name) => name.id));
  const walk = names.filter(isWalkName);
  keep(tuples<Post>(context, `${POSTS} and kind < 3`, ids(walk.filter(isShort))));
  keep(tuples<Post>(context, `${POSTS} and kind = 3`, ids(names.filter((name) => !isWalkName(name)))));
  for (const name of walk) {
    if (isShort(name)) continue;
    for (const kind of LISTED.filter((each) => countOf(name, each) > 0 && countOf(name, each) <= LONG_LIST)) keep(tuples<Post>(context, ONE_LIST, name.id, kind));
  }
  return lists;
}
