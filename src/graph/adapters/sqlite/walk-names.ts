import { isStopName } from '../../../common/text/names.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { isWalk, type NameLedger, type TurnedName } from './name-ledger.ts';
import { metaNumber, one } from './rows.ts';
import { NameFilter } from '../../indexing/name-filter.ts';
import type { LinkableNames } from '../../indexing/passage-links.ts';

/** What the writer knows of walk names from one change to the next. */
interface Known {
  readonly version: number;
  /** Ids by norm, 0 for what is no walk name. */
  readonly ids: Map<string, number>;
  readonly filter: NameFilter;
}

const KEY = 'walk-names';
const KEPT_IDS = 100_000;
const ANY_LENGTH = -1;
const ID_SQL = 'select id from name where norm = ? and (titles > 0 or runs >= 2)';
const COUNT_SQL = 'select count(*) as n from name where titles > 0 or runs >= 2';
const ALL_SQL = 'select norm from name where titles > 0 or runs >= 2';

/**
 * The walk names as mentions are matched against them. Most of what a text asks for is no name; a filter of all names and of the
 * first two words of longer ones, read once and kept, answers that without a query. Names that have ceased stay in it: they cost a
 * query, no more.
 */
export class WalkNames implements LinkableNames {
  readonly #context: SqliteContext;
  readonly #ledger: NameLedger;
  readonly #ids: Map<string, number>;
  #filter: NameFilter | undefined;

  /** Takes over what the change before left, if no other process has changed the file since. */
  constructor(context: SqliteContext, ledger: NameLedger) {
    this.#context = context;
    this.#ledger = ledger;
    const known = context.memory.get(KEY) as Known | undefined;
    // A change that fails leaves nothing: what it learned was rolled back.
    context.memory.delete(KEY);
    const isFresh = known?.version === metaNumber(context, 'index_version');
    this.#ids = isFresh ? known.ids : new Map<string, number>();
    this.#filter = isFresh && !known.filter.isFull ? known.filter : undefined;
  }

  /** Names have turned; from now on they are matched, or no longer. */
  turn(became: readonly TurnedName[], ceased: readonly TurnedName[]): void {
    for (const { norm } of [...became, ...ceased]) this.#ids.delete(norm);
    this.#filter ??= this.#load(became.length);
    for (const { norm } of became) this.#filter.add(norm);
  }

  /** The change is about to be committed as this version; the norms are of names that are gone. */
  keep(version: number, gone: readonly string[]): void {
    for (const norm of gone) this.#ids.delete(norm);
    if (this.#filter !== undefined) this.#context.memory.set(KEY, { version, ids: this.#ids, filter: this.#filter } satisfies Known);
  }

  readonly walkNorm = (id: number): string | undefined => {
    const name = this.#ledger.byId(id);
    return name !== undefined && isWalk(name) ? name.norm : undefined;
  };

  /** The id of a walk name, else 0. */
  readonly idOf = (norm: string): number => {
    if (!this.#mayBe(norm)) return 0;
    const held = this.#ledger.held(norm);
    if (held !== undefined) return isWalk(held) ? held.id : 0;
    const known = this.#ids.get(norm);
    if (known !== undefined) return known;
    const id = one<{ id: number }>(this.#context, ID_SQL, norm)?.id ?? 0;
    if (this.#ids.size >= KEPT_IDS) this.#ids.clear();
    this.#ids.set(norm, id);
    return id;
  };

  readonly has = (norm: string): boolean => this.idOf(norm) !== 0 && !isStopName(norm);

  // Without a filter every text may be a name.
  readonly lengths = (first: string, second: string | undefined): number => this.#filter?.lengths(first, second) ?? ANY_LENGTH;

  #mayBe(key: string): boolean {
    return this.#filter?.mayHave(key) ?? true;
  }

  /** @param more names that will be added soon */
  #load(more: number): NameFilter {
    const count = (one<{ n: number }>(this.#context, COUNT_SQL)?.n ?? 0) + more;
    const filter = new NameFilter(count);
    const names = this.#context.sql(ALL_SQL);
    names.setReturnArrays(true);
    for (const [norm] of names.iterate() as unknown as Iterable<[string]>) filter.add(norm);
    return filter;
  }
}
