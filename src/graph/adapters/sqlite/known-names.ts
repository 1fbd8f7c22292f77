import { STOP_WORDS } from '../../../common/text/stop-words.ts';
import { LONG_LIST } from '../../retrieval-columns.types.ts';
import { specificityOf } from '../../specificity.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { namesBehind } from './alias-names.ts';
import { type CountedName, countOf, isGramName, isWalkName, type LinkKind, usableNames } from '../../indexing/name-counts.ts';
import { namesById } from './counted-names.ts';
import { type KnownName, type ListName, LISTS, type NameMember } from './known.types.ts';
import { GRAM, IN_TITLE, MENTION, RUN, TITLE } from '../../indexing/name-links.ts';
import { readerMemory } from './reader-memory.ts';
import { tuples } from './rows.ts';
import { wordFrequencies } from './word-frequencies.ts';

const NONE = new Int32Array();

type Post = readonly [name: number, kind: number, passage: number];

const POSTS = 'select name, kind, passage from post where name in (select value from json_each(?))';
const ONE_LIST = 'select name, kind, passage from post where name = ? and kind = ?';

/** Names by their integers, in the order asked; those that have gone, or are too common to lead anywhere, are left out. */
export function knownNames(context: SqliteContext, ids: readonly number[]): KnownName[] {
  const known = readerMemory(context).names.all(ids, (missing) => readNames(context, missing), undefined);
  return ids.map((id) => known.get(id)).filter((name) => name !== undefined);
}

function readNames(context: SqliteContext, ids: readonly number[]): [number, KnownName][] {
  const { passageCount } = readerMemory(context);
  const names = usableNames(namesById(context, ids), passageCount);
  const behind = namesBehind(context, names);
  const groups = names.map((name) => [name, ...behind(name)]);
  const members = readMembers(context, [...new Map(groups.flat().map((name) => [name.id, name])).values()]);
  const words = names.map((name) => name.norm.split(' ').filter((word) => !STOP_WORDS.has(word)));
  const frequencyOfWord = wordFrequencies(context, words.flat());
  return names.map((name, i) => {
    const group = groups[i] ?? [name];
    const frequency = group.reduce((sum, each) => sum + frequencyOf(each), 0);
    const own = group.flatMap((each) => members.get(each.id) ?? []);
    return [name.id, {
      id: name.id,
      norm: name.norm,
      gram: isGramName(name),
      leads: leads(name),
      walk: group.some(leads),
      hasTitle: group.some((each) => each.titles > 0),
      frequency,
      specificity: specificityOf(frequency, (words[i] ?? []).map(frequencyOfWord), passageCount),
      members: own,
      whole: wholeLists(own),
    }];
  });
}

/** The lists of a name's members, each passage once; nothing if one of them is long. */
function wholeLists(members: readonly NameMember[]): KnownName['whole'] {
  if (members.some(({ long }) => long.size > 0)) return undefined;
  const whole = (list: ListName): Int32Array => {
    const passages = [...new Set(members.flatMap(({ short }) => short[list]))];
    return passages.length === 0 ? NONE : Int32Array.from(passages);
  };
  return { titles: whole('titles'), mentions: whole('mentions'), inTitles: whole('inTitles') };
}

function leads(name: CountedName): boolean {
  return isWalkName(name) || isGramName(name);
}

function frequencyOf(name: CountedName): number {
  return isWalkName(name) ? name.passages : Math.max(name.runs, name.grams);
}

/** By what kind of link a name leads to the passages that mention it. */
function mentionKind(name: CountedName): LinkKind {
  if (isWalkName(name)) return MENTION;
  return name.grams > 0 ? GRAM : RUN;
}

function readMembers(context: SqliteContext, names: readonly CountedName[]): Map<number, NameMember> {
  const members = new Map(names.map((name) => [name.id, { name, ...emptyMember(name) }]));
  const all = [...members.values()];
  // Names without a long list are read together, of the others the short lists one by one.
  const whole = all.filter(({ long }) => long.size === 0);
  const ids = (list: readonly { readonly id: number }[]): string => JSON.stringify(list.map(({ id }) => id));
  const posts = [
    ...tuples<Post>(context, `${POSTS} and kind < 3`, ids(whole.filter(({ name }) => isWalkName(name)))),
    ...tuples<Post>(context, `${POSTS} and kind in (3, 4)`, ids(whole.filter(({ name }) => !isWalkName(name)))),
    ...all.filter(({ long }) => long.size > 0).flatMap(({ name, kinds, long }) =>
      LISTS.filter((list) => !long.has(list) && countOf(name, kinds[list]) > 0).flatMap((list) => tuples<Post>(context, ONE_LIST, name.id, kinds[list])),
    ),
  ];
  for (const [id, kind, passage] of posts) {
    const member = members.get(id);
    const list = LISTS.find((each) => member?.kinds[each] === kind);
    if (member !== undefined && list !== undefined) member.short[list].push(passage);
  }
  return members;
}

function emptyMember(name: CountedName): NameMember & { readonly short: Record<ListName, number[]> } {
  const kinds: Readonly<Record<ListName, LinkKind>> = { titles: TITLE, mentions: mentionKind(name), inTitles: IN_TITLE };
  // What a rare name has is read whole: it leads to its own passages only.
  const isLong = (list: ListName): boolean => countOf(name, kinds[list]) > LONG_LIST && kinds[list] !== RUN;
  return { id: name.id, kinds, long: new Set(LISTS.filter(isLong)), short: { titles: [], mentions: [], inTitles: [] } };
}
