import { LONG_LIST } from '../../retrieval-columns.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { type CountedName, countOf, isWalkName, type LinkKind, LISTED } from './counted-names.ts';
import { MENTION, RUN } from './name-links.ts';
import { passageInfos } from './passage-info.ts';
import type { QuestionScope } from './question-scope.ts';
import { readerMemory, remembered, type ShortLists } from './reader-memory.ts';
import { tuples } from './rows.ts';

type Post = readonly [name: number, kind: number, passage: number];

const NONE: ShortLists = [[], [], []];
const POSTS = 'select name, kind, passage from post where name in (select value from json_each(?))';
const ONE_LIST = 'select name, kind, passage from post where name = ? and kind = ?';

/** The names' lists of passages: short ones read together and remembered, long ones cut to the passages near the question. */
export class NameLists {
  readonly #context: SqliteContext;
  readonly #scope: QuestionScope;
  readonly #short: ReadonlyMap<number, ShortLists>;

  constructor(context: SqliteContext, names: readonly CountedName[], scope: QuestionScope) {
    this.#context = context;
    this.#scope = scope;
    const byId = new Map(names.map((name) => [name.id, name]));
    this.#short = remembered(readerMemory(context).lists, byId.keys(), (missing) => readLists(context, missing, byId), NONE);
  }

  of(name: CountedName, kind: LinkKind): readonly number[] {
    const count = countOf(name, kind);
    if (count === 0) return [];
    const index = kind === RUN ? MENTION : kind;
    const found = kind !== RUN && count > LONG_LIST ? this.#scope.nearWith(name.id)[index] : (this.#short.get(name.id)?.[index] ?? []);
    return this.#allowed(found);
  }

  #allowed(passages: readonly number[]): readonly number[] {
    const { allowed } = this.#scope;
    if (allowed === undefined) return passages;
    const info = passageInfos(this.#context, passages);
    return passages.filter((passage) => allowed.has(info(passage).document));
  }
}

/** The lists of at most LONG_LIST passages; of a rare name its one run in place of mentions. */
function readLists(context: SqliteContext, ids: readonly number[], byId: ReadonlyMap<number, CountedName>): Map<number, ShortLists> {
  const lists = new Map<number, [number[], number[], number[]]>(ids.map((id) => [id, [[], [], []]]));
  const keep = (posts: readonly Post[]): void => {
    for (const [name, kind, passage] of posts) lists.get(name)?.[kind === RUN ? MENTION : kind]?.push(passage);
  };
  const names = ids.map((id) => byId.get(id)).filter((name) => name !== undefined);
  const walk = names.filter(isWalkName);
  const rare = names.filter((name) => !isWalkName(name));
  const short = walk.filter((name) => LISTED.every((kind) => countOf(name, kind) <= LONG_LIST));
  if (short.length > 0) keep(tuples<Post>(context, `${POSTS} and kind < 3`, JSON.stringify(short.map((name) => name.id))));
  if (rare.length > 0) keep(tuples<Post>(context, `${POSTS} and kind = 3`, JSON.stringify(rare.map((name) => name.id))));
  const mixed = new Set(walk).difference(new Set(short));
  for (const name of mixed) {
    for (const kind of LISTED.filter((each) => countOf(name, each) > 0 && countOf(name, each) <= LONG_LIST)) keep(tuples<Post>(context, ONE_LIST, name.id, kind));
  }
  return lists;
}
