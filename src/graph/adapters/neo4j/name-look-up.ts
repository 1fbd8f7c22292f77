import { STOP_WORDS } from '../../../common/text/stop-words.ts';
import { LONG_LIST, type NameColumns, type RaggedColumn } from '../../retrieval-columns.types.ts';
import { specificityOf } from '../../specificity.ts';
import { type CountedName, countOf, isGramName, isWalkName, type LinkKind, usableNames } from '../../indexing/name-counts.ts';
import { GRAM, IN_TITLE, MENTION, RUN, TITLE } from '../../indexing/name-links.ts';
import { ragged } from '../../ragged-column.ts';
import { storedToken } from './workspace-names.ts';
import type { NearLists } from './near-lists.ts';

/*
 * The names of a look-up in one piece of a statement: their counts, the lists they lead by where those are short, the names behind
 * aliases, and how many passages have each of their words. Long lists are not read; they are cut to the near passages of the question.
 */

const within = (isFiltered: boolean): string => (isFiltered ? ' WHERE c.document IN $allowed' : '');
const list = (type: string, isFiltered: boolean): string => `[(n)<-[:${type}]-(c)${within(isFiltered)} | c]`;
const short = (count: string, type: string, isFiltered: boolean): string => `CASE WHEN n.${count} <= ${String(LONG_LIST)} THEN ${list(type, isFiltered)} END`;

function lists(isFiltered: boolean): string {
  return `${short('titles', 'TITLE', isFiltered)} AS titles,
    CASE WHEN n.titles > 0 OR n.runs >= 2 THEN ${short('mentions', 'MENTION', isFiltered)}
      WHEN n.grams > 0 THEN ${short('grams', 'GRAM', isFiltered)} ELSE ${list('RUN', isFiltered)} END AS mentions,
    ${short('inTitles', 'IN_TITLE', isFiltered)} AS inTitles`;
}

/** Goes on from `w` and `asked`, a list of names, and gives `names`, `behind`, `words`, and `ties` of the passages in the lists. */
export function namesOf(isFiltered: boolean): string {
  return `CALL (w, asked) {
  WITH w, asked WHERE w.aliases > 0
  UNWIND asked AS n MATCH (a:Alias) WHERE a.workspace = $workspace AND a.norm = n.norm
  MATCH (a)-[:ALIAS_OF]->(e:Entity) WHERE e.norm <> n.norm
  MATCH (m:Name) WHERE m.workspace = $workspace AND m.norm = e.norm
  RETURN collect(DISTINCT [n.key, m.key]) AS behind, collect(DISTINCT m) AS others
}
CALL (asked, others) {
  UNWIND asked + others AS n WITH DISTINCT n
  WITH n, ${lists(isFiltered)}
  RETURN collect([n.key, n.norm, n.titles, n.mentions, n.inTitles, n.runs, n.grams, n.passages,
    [c IN titles | c.key], [c IN mentions | c.key], [c IN inTitles | c.key]]) AS names,
    collect(coalesce(titles, []) + coalesce(mentions, []) + coalesce(inTitles, [])) AS targets
}
CALL (targets) {
  UNWIND targets AS list UNWIND list AS c WITH DISTINCT c RETURN collect([c.key, c.tie]) AS ties
}
CALL (asked) {
  UNWIND asked AS n UNWIND split(n.norm, ' ') AS word WITH DISTINCT word
  MATCH (t:Term) WHERE t.workspace = $workspace AND t.token = word AND t.words > 0 RETURN collect([word, t.words]) AS words
}
`;
}

export type NameRow = readonly [
  key: number, norm: string, titles: number, mentions: number, inTitles: number, runs: number, grams: number, passages: number,
  titlePassages: readonly number[] | null, mentionPassages: readonly number[] | null, inTitlePassages: readonly number[] | null,
];

/** What the piece of statement gives. */
export interface NameRows {
  readonly names: readonly NameRow[];
  /** Name by alias, as keys. */
  readonly behind: readonly (readonly [alias: number, name: number])[];
  readonly words: readonly (readonly [word: string, passages: number])[];
  readonly ties: readonly (readonly [passage: number, tie: string])[];
}

/** The lists a name leads by: its titles, what mentions it, the longer titles that hold it. */
export const LISTS = ['titles', 'mentions', 'inTitles'] as const;
export type ListName = (typeof LISTS)[number];

/** A name with the passages it leads to, by itself. */
export interface NameMember {
  readonly name: CountedName;
  /** By what kind of link it leads to the passages of a list. */
  readonly kinds: Readonly<Record<ListName, LinkKind>>;
  /** Nothing where the list is long. */
  readonly lists: Readonly<Record<ListName, readonly number[] | null>>;
}

/** A name as a question sees it. */
export interface FoundName {
  readonly key: number;
  readonly norm: string;
  /** Whether it is an n-gram of a script without capitals and nothing more. */
  readonly isGram: boolean;
  /** Whether it leads somewhere by itself: a walk name or an n-gram. */
  readonly leads: boolean;
  /** Itself, and the names of the entities it is an alias of. */
  readonly members: readonly NameMember[];
  readonly frequency: number;
  readonly specificity: number;
}

/** A name as it is kept for other questions: with the ties of all passages it leads to. */
export interface KnownName extends FoundName {
  readonly ties: readonly (readonly [passage: number, tie: string])[];
}

/** The names asked for, by key; those too common to lead anywhere are left out. */
export function foundNames({ names, behind, words, ties }: NameRows, passageCount: number): Map<number, KnownName> {
  const tieOf = new Map(ties);
  const members = new Map(names.map((each) => [each[0], memberOf(each)]));
  const usable = new Set(usableNames([...members.values()].map(({ name }) => name), passageCount).map(({ id }) => id));
  const behindOf = Map.groupBy(behind, ([alias]) => alias);
  const frequencies = new Map(words);
  const found = [...members.values()].filter(({ name }) => usable.has(name.id)).map(({ name }): KnownName => {
    const others = (behindOf.get(name.id) ?? []).map(([, key]) => key);
    const group = [name.id, ...others].flatMap((key) => members.get(key) ?? []);
    const frequency = group.reduce((sum, member) => sum + frequencyOf(member.name), 0);
    const ofWords = name.norm.split(' ').filter((word) => !STOP_WORDS.has(word)).map((word) => frequencies.get(storedToken(word)) ?? 0);
    return {
      key: name.id,
      norm: name.norm,
      isGram: isGramName(name),
      leads: leads(name),
      members: group,
      ties: tiesOf(group, tieOf),
      frequency,
      specificity: specificityOf(frequency, ofWords, passageCount),
    };
  });
  return new Map(found.map((name) => [name.key, name]));
}

/** Names as columns. */
export function nameColumns(names: readonly FoundName[], near: NearLists): NameColumns {
  const column = (each: ListName): RaggedColumn => ragged(names.map((name) => passagesOf(name, each, near)));
  return {
    norms: names.map(({ norm }) => norm),
    keys: Int32Array.from(names, ({ key }) => key),
    walk: Uint8Array.from(names, ({ members }) => Number(members.some(({ name }) => leads(name)))),
    frequencies: Int32Array.from(names, ({ frequency }) => frequency),
    specificities: Float64Array.from(names, ({ specificity }) => specificity),
    titlePassages: column('titles'),
    mentionPassages: column('mentions'),
    inTitlePassages: column('inTitles'),
    hasTitle: Uint8Array.from(names, ({ members }) => Number(members.some(({ name }) => name.titles > 0))),
  };
}

function tiesOf(members: readonly NameMember[], tieOf: ReadonlyMap<number, string>): KnownName['ties'] {
  const passages = members.flatMap(({ lists }) => LISTS.flatMap((each) => lists[each] ?? []));
  return [...new Set(passages)].map((passage) => [passage, tieOf.get(passage) ?? '']);
}

function passagesOf({ members }: FoundName, each: ListName, near: NearLists): readonly number[] {
  const [first, ...others] = members.map((member) => member.lists[each] ?? near.passagesWith(member.name.id, member.kinds[each]));
  return others.length === 0 ? (first ?? []) : [...new Set([first ?? [], ...others].flat())];
}

function memberOf([id, norm, titles, mentions, inTitles, runs, grams, passages, ...lists]: NameRow): NameMember {
  const name = { id, norm, titles, mentions, inTitles, runs, grams, passages };
  const kinds = { titles: TITLE, mentions: mentionKind(name), inTitles: IN_TITLE } as const;
  const known = { titles: lists[0], mentions: lists[1], inTitles: lists[2] };
  const isEmpty = (each: ListName): boolean => countOf(name, kinds[each]) === 0;
  return { name, kinds, lists: { titles: isEmpty('titles') ? [] : known.titles, mentions: isEmpty('mentions') ? [] : known.mentions, inTitles: isEmpty('inTitles') ? [] : known.inTitles } };
}

/** By what kind of link a name leads to the passages that mention it. */
function mentionKind(name: CountedName): LinkKind {
  if (isWalkName(name)) return MENTION;
  return name.grams > 0 ? GRAM : RUN;
}

function leads(name: CountedName): boolean {
  return isWalkName(name) || isGramName(name);
}

function frequencyOf(name: CountedName): number {
  return isWalkName(name) ? name.passages : Math.max(name.runs, name.grams);
}
