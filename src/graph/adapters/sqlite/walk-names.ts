import type { KnownNames } from '../../../common/text/mentions.ts';
import { isStopName, MAX_NAME_WORDS } from '../../../common/text/names.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { isWalk, type NameLedger, type TurnedName } from './name-ledger.ts';
import { metaNumber, one, run } from './rows.ts';

/** What the writer knows of walk names from one change to the next. */
interface Known {
  readonly version: number;
  /** Ids by norm, 0 for what is no walk name. */
  readonly ids: Map<string, number>;
  readonly starts: Map<string, number>;
}

const KEY = 'walk-names';
const KEPT = 200_000;
const SINGLE = 1;
/** Of a first word: some longer name starts with it, so the pair with the next word is worth a look. */
const LONGER = 2;
const ID_SQL = 'select id from name where norm = ? and (titles > 0 or runs >= 2)';
const START_SQL = 'select lengths from name_start where word = ?';
const ADD_START = 'insert into name_start values (?, ?) on conflict(word) do update set lengths = lengths | excluded.lengths';

/** For a walk name the rows of `name_start` it needs: its first word, and with longer ones the first two with its length as a bit. */
export function startsOf(norm: string): [start: string, lengths: number][] {
  const parts = norm.split(' ');
  const [first = '', second] = parts;
  if (parts.length > MAX_NAME_WORDS) return [];
  if (second === undefined) return [[first, SINGLE]];
  return [
    [first, LONGER],
    [`${first} ${second}`, 1 << (parts.length - 1)],
  ];
}

/** The walk names as mentions are matched against them: most of what is looked up is no name, and is told so without a query. */
export class WalkNames implements KnownNames {
  readonly #context: SqliteContext;
  readonly #ledger: NameLedger;
  readonly #ids: Map<string, number>;
  readonly #starts: Map<string, number>;

  /** Takes over what the change before left, if no other process has changed the file since. */
  constructor(context: SqliteContext, ledger: NameLedger) {
    this.#context = context;
    this.#ledger = ledger;
    const known = context.memory.get(KEY) as Known | undefined;
    // A change that fails leaves nothing: what it learned was rolled back.
    context.memory.delete(KEY);
    const isFresh = known?.version === metaNumber(context, 'index_version');
    this.#ids = isFresh ? known.ids : new Map<string, number>();
    this.#starts = isFresh ? known.starts : new Map<string, number>();
  }

  /** Names have turned; from now on they are matched, or no longer. */
  turn(became: readonly TurnedName[], ceased: readonly TurnedName[]): void {
    for (const { norm } of [...became, ...ceased]) this.#ids.delete(norm);
    for (const [start, lengths] of became.flatMap(({ norm }) => startsOf(norm))) {
      if ((this.#start(start) & lengths) === lengths) continue;
      run(this.#context, ADD_START, start, lengths);
      this.#starts.set(start, this.#start(start) | lengths);
    }
  }

  /** The change is about to be committed as this version; the norms are of names that are gone. */
  keep(version: number, gone: readonly string[]): void {
    for (const norm of gone) this.#ids.delete(norm);
    this.#context.memory.set(KEY, { version, ids: this.#ids, starts: this.#starts } satisfies Known);
  }

  /** The id of a walk name, else 0. */
  idOf(norm: string): number {
    const held = this.#ledger.held(norm);
    if (held !== undefined) return isWalk(held) ? held.id : 0;
    const known = this.#ids.get(norm);
    if (known !== undefined) return known;
    const id = one<{ id: number }>(this.#context, ID_SQL, norm)?.id ?? 0;
    if (this.#ids.size >= KEPT) this.#ids.clear();
    this.#ids.set(norm, id);
    return id;
  }

  readonly has = (norm: string): boolean => this.idOf(norm) !== 0 && !isStopName(norm);

  readonly lengths = (first: string, second: string | undefined): number => {
    const bits = this.#start(first);
    const single = bits & SINGLE;
    if ((bits & LONGER) === 0 || second === undefined) return single;
    return single | this.#start(`${first} ${second}`);
  };

  #start(word: string): number {
    const known = this.#starts.get(word);
    if (known !== undefined) return known;
    const lengths = one<{ lengths: number }>(this.#context, START_SQL, word)?.lengths ?? 0;
    if (this.#starts.size >= KEPT) this.#starts.clear();
    this.#starts.set(word, lengths);
    return lengths;
  }
}
