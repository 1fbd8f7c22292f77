import type { PassageFilter } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { type ListName, LISTS, type NameMember } from './known.types.ts';
import { linksOf } from './packed-passages.ts';

/** What lists of passages are cut to. */
export interface ScopeQuery {
  readonly near: readonly number[];
  readonly filter?: PassageFilter;
}

/** Passages near the question, for one name. */
type NearLists = Readonly<Record<ListName, number[]>>;

const KEY = 'scope';
const MARKS = 0xfff;
/** Of a packed link without the numbers of its sentences. */
const LINK_INTS = 3;

/** The scope of the question in hand, kept between its look-ups: they pass the same lists, so that identity tells. */
export class QuestionScope {
  readonly near: readonly number[];
  readonly filter: PassageFilter | undefined;
  /** Row ids of documents; nothing for all. */
  readonly allowed: ReadonlySet<number> | undefined;
  readonly #context: SqliteContext;
  readonly #byName = new Map<number, NearLists>();
  #links: NearLinks | undefined;

  constructor(context: SqliteContext, { near, filter }: ScopeQuery) {
    this.#context = context;
    this.near = near;
    this.filter = filter;
    this.allowed = allowedDocuments(context, filter);
  }

  /** Finds, in one pass over the near passages' own links, which of them hold these names: that costs the same however frequent a name is. */
  seek(names: readonly NameMember[]): void {
    const asked = new Map(names.filter(({ id }) => !this.#byName.has(id)).map((name) => [name.id, name]));
    if (asked.size === 0) return;
    for (const id of asked.keys()) this.#byName.set(id, { titles: [], mentions: [], inTitles: [] });
    this.#links ??= nearLinks(linksOf(this.#context, this.near));
    this.#collect(this.#links, asked);
  }

  #collect(links: NearLinks, asked: ReadonlyMap<number, NameMember>): void {
    const marks = marksOf(asked.keys());
    for (let i = 0; i < links.names.length; i += 1) {
      const name = links.names[i] ?? 0;
      if (marks[name & MARKS] === 1) this.#keep(links.passages[i] ?? 0, asked.get(name), links.kinds[i] ?? 0);
    }
  }

  #keep(passage: number, member: NameMember | undefined, kind: number): void {
    const list = member === undefined ? undefined : LISTS.find((each) => member.kinds[each] === kind);
    if (member !== undefined && list !== undefined) this.#byName.get(member.id)?.[list].push(passage);
  }

  /** The near passages of a list of a name that was sought. */
  nearWith(name: number, list: ListName): readonly number[] {
    return this.#byName.get(name)?.[list] ?? [];
  }
}

/** The links of the near passages, one after the other in parallel lists: each of a question's look-ups goes through them. */
interface NearLinks {
  readonly names: Int32Array;
  readonly kinds: Uint8Array;
  readonly passages: Int32Array;
}

function nearLinks(links: ReadonlyMap<number, Int32Array>): NearLinks {
  let most = 0;
  for (const values of links.values()) most += Math.ceil(values.length / LINK_INTS);
  const [names, kinds, passages] = [new Int32Array(most), new Uint8Array(most), new Int32Array(most)];
  let count = 0;
  for (const [passage, values] of links) {
    for (let i = 0; i + 2 < values.length; i += LINK_INTS + (values[i + 2] ?? 0)) {
      names[count] = values[i + 1] ?? 0;
      kinds[count] = values[i] ?? 0;
      passages[count] = passage;
      count += 1;
    }
  }
  return { names: names.subarray(0, count), kinds, passages };
}

/** Marks the last bits of names, so that almost all links are passed over at the cost of one look. */
function marksOf(names: Iterable<number>): Uint8Array {
  const marks = new Uint8Array(MARKS + 1);
  for (const name of names) marks[name & MARKS] = 1;
  return marks;
}

/** The scope of a look-up. */
export function scopeOf(context: SqliteContext, query: ScopeQuery): QuestionScope {
  const known = context.memory.get(KEY) as QuestionScope | undefined;
  if (known?.near === query.near && known.filter === query.filter) return known;
  const made = new QuestionScope(context, query);
  context.memory.set(KEY, made);
  return made;
}

/** Forgets the scope when its question is answered: a list that is changed in place must not pass for the same one. */
export function forgetScope(context: SqliteContext): void {
  context.memory.delete(KEY);
}
