import type { PassageFilter } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { allowedDocuments } from './filter.ts';
import { IN_TITLE, MENTION, TITLE } from './name-links.ts';
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
  #byName: Map<number, NearLists> | undefined;

  constructor(context: SqliteContext, { near, filter }: ScopeQuery) {
    this.#context = context;
    this.near = near;
    this.filter = filter;
    this.allowed = allowedDocuments(context, filter);
  }

  /** The near passages that hold a name, found by inverting their own lists once a question: that costs the same however frequent the name is. */
  nearWith(name: number): NearLists {
    this.#byName ??= invert(this.#context, this.near);
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

function invert(context: SqliteContext, near: readonly number[]): Map<number, NearLists> {
  const byName = new Map<number, NearLists>();
  for (const [passage, values] of linksOf(context, near)) {
    for (let i = 0; i + 2 < values.length; i += 3 + (values[i + 2] ?? 0)) {
      const kind = values[i] ?? 0;
      if (kind === TITLE || kind === MENTION || kind === IN_TITLE) listOf(byName, values[i + 1] ?? 0)[kind].push(passage);
    }
  }
  return byName;
}

function listOf(byName: Map<number, NearLists>, name: number): NearLists {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const made: NearLists = [[], [], []];
  byName.set(name, made);
  return made;
}
