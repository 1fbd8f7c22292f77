import type { PassageFilter } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { IN_TITLE, scanLinks } from './name-links.ts';
import { linksOf } from './packed-passages.ts';

/** What lists of passages are cut to. */
export interface ScopeQuery {
  readonly near: readonly number[];
  readonly filter?: PassageFilter;
}

/** Passages near the question by kind of link, for one name. */
export type NearLists = readonly [titles: number[], mentions: number[], inTitles: number[]];

const NONE: NearLists = [[], [], []];
const KEY = 'scope';

/** The scope of the question in hand, kept between its look-ups: they pass the same lists, so that identity tells. */
export class QuestionScope {
  readonly near: readonly number[];
  readonly filter: PassageFilter | undefined;
  /** Row ids of documents; nothing for all. */
  readonly allowed: ReadonlySet<number> | undefined;
  readonly #context: SqliteContext;
  readonly #byName = new Map<number, NearLists>();
  #links: ReadonlyMap<number, Int32Array> | undefined;

  constructor(context: SqliteContext, { near, filter }: ScopeQuery) {
    this.#context = context;
    this.near = near;
    this.filter = filter;
    this.allowed = allowedDocuments(context, filter);
  }

  /** Finds, in one pass over the near passages' own links, which of them hold these names: that costs the same however frequent a name is. */
  seek(names: readonly number[]): void {
    const asked = names.filter((name) => !this.#byName.has(name));
    if (asked.length === 0) return;
    for (const name of asked) this.#byName.set(name, [[], [], []]);
    const wanted = new Set(asked);
    this.#links ??= linksOf(this.#context, this.near);
    for (const [passage, values] of this.#links) {
      scanLinks(values, (kind, name) => {
        if (kind <= IN_TITLE && wanted.has(name)) this.#byName.get(name)?.[kind]?.push(passage);
      });
    }
  }

  /** The near passages that hold a name that was sought. */
  nearWith(name: number): NearLists {
    return this.#byName.get(name) ?? NONE;
  }
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
