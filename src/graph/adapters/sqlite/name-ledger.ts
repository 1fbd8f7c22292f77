import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { isWalkName } from '../../indexing/name-counts.ts';
import { GRAM, type IN_TITLE, type MENTION, RUN, TITLE } from '../../indexing/name-links.ts';
import { PostBuffer } from './post-buffer.ts';
import { one, run, tuples } from './rows.ts';

export type Kind = typeof TITLE | typeof MENTION | typeof IN_TITLE | typeof RUN | typeof GRAM;

/** A name with its counts as they are to be. */
export interface LedgerName {
  readonly id: number;
  readonly norm: string;
  /** By kind of link. */
  readonly counts: [titles: number, mentions: number, inTitles: number, runs: number, grams: number];
  /** Passages that have it as a title or mention it. */
  passages: number;
  stored: boolean;
  dirty: boolean;
}

type Row = [id: number, norm: string, titles: number, mentions: number, inTitles: number, runs: number, grams: number, passages: number];

const COLUMNS = 'select id, norm, titles, mentions, in_titles, runs, grams, passages from name';
const INSERT = 'insert into name(id, norm, titles, mentions, in_titles, runs, grams, passages) values (?, ?, ?, ?, ?, ?, ?, ?)';
const UPDATE = 'update name set titles = ?, mentions = ?, in_titles = ?, runs = ?, grams = ?, passages = ? where id = ?';
/** Kinds of links that make a name; without any it is forgotten. */
const MAKING: ReadonlySet<Kind> = new Set([TITLE, RUN, GRAM]);
/** Names held at once; a change that touches more writes them in parts. */
const HELD_NAMES = 100_000;

/** A name whose status a change has turned. */
export interface TurnedName {
  readonly id: number;
  readonly norm: string;
}

/**
 * The names and posts that one change touches, counted in memory and written once a name: in a publication a name is met again and
 * again, and each write of a row costs as much as all the counting.
 */
export class NameLedger {
  readonly #context: SqliteContext;
  readonly #byNorm = new Map<string, LedgerName>();
  readonly #byId = new Map<number, LedgerName>();
  /** Names whose titles, runs or n-grams were touched, with whether they were walk names before. */
  readonly #touched = new Map<number, boolean>();
  readonly #posts: PostBuffer;
  #nextId: number | undefined;

  constructor(context: SqliteContext) {
    this.#context = context;
    this.#posts = new PostBuffer(context);
  }

  /** The name, made if there is none yet. */
  ensure(norm: string): LedgerName {
    const known = this.find(norm);
    if (known !== undefined) return known;
    const id = this.#nextId ?? this.#firstFreeId();
    this.#nextId = id + 1;
    return this.#hold({ id, norm, counts: [0, 0, 0, 0, 0], passages: 0, stored: false, dirty: true });
  }

  find(norm: string): LedgerName | undefined {
    const held = this.#byNorm.get(norm);
    if (held !== undefined) return held;
    const [row] = tuples<Row>(this.#context, `${COLUMNS} where norm = ?`, norm);
    return row === undefined ? undefined : this.#hold(nameOf(row));
  }

  byId(id: number): LedgerName | undefined {
    const held = this.#byId.get(id);
    if (held !== undefined) return held;
    const [row] = tuples<Row>(this.#context, `${COLUMNS} where id = ?`, id);
    return row === undefined ? undefined : this.#hold(nameOf(row));
  }

  /** The name as far as this change holds it; without asking the store. */
  held(norm: string): LedgerName | undefined {
    return this.#byNorm.get(norm);
  }

  /** A passage comes to have a link to a name, or ceases to. */
  link(name: LedgerName, kind: Kind, passage: number, sign: 1 | -1): void {
    if (MAKING.has(kind) && !this.#touched.has(name.id)) this.#touched.set(name.id, isWalk(name));
    name.counts[kind] += sign;
    name.dirty = true;
    this.#posts.add(name.id, kind, passage, sign);
  }

  /** A passage comes to be, or ceases to be, one that has a name as title or mentions it. */
  countPassage(name: LedgerName, delta: 1 | -1): void {
    name.passages += delta;
    name.dirty = true;
  }

  /** Names that became or ceased to be walk names so far. */
  turned(): { readonly became: TurnedName[]; readonly ceased: TurnedName[] } {
    const became: TurnedName[] = [];
    const ceased: TurnedName[] = [];
    for (const [id, was] of this.#touched) {
      const name = this.byId(id);
      if (name === undefined || isWalk(name) === was) continue;
      (was ? ceased : became).push({ id, norm: name.norm });
      this.spill();
    }
    return { became, ceased };
  }

  /** Passages that have a name in one of these ways. */
  postsOf(name: number, kinds: readonly Kind[]): number[] {
    this.#posts.flush();
    const sql = 'select passage from post where name = ? and kind = ?';
    return kinds.flatMap((kind) => tuples<[number]>(this.#context, sql, name, kind)).map(([passage]) => passage);
  }

  /** Keeps memory within bounds; between whole passages only, for it lets go of the names it has given out. */
  spill(): void {
    this.#posts.spill();
    if (this.#byId.size <= HELD_NAMES) return;
    this.#write();
    this.#byId.clear();
    this.#byNorm.clear();
  }

  /** Writes what is left, and forgets names that no passage has any longer. Returns the norms of those. */
  close(): string[] {
    this.#posts.flush();
    this.#write();
    const gone = [...this.#touched.keys()].flatMap((id) => {
      const held = this.#byId.get(id);
      if (held !== undefined && held.counts[TITLE] + held.counts[RUN] + held.counts[GRAM] > 0) return [];
      const row = one<{ norm: string }>(this.#context, 'delete from name where id = ? and titles = 0 and runs = 0 and grams = 0 returning norm', id);
      return row === undefined ? [] : [row.norm];
    });
    this.#touched.clear();
    return gone;
  }

  #write(): void {
    for (const name of this.#byId.values()) {
      if (!name.dirty) continue;
      const { id, norm, counts, passages } = name;
      if (name.stored) run(this.#context, UPDATE, ...counts, passages, id);
      else run(this.#context, INSERT, id, norm, ...counts, passages);
      name.stored = true;
      name.dirty = false;
    }
  }

  #hold(name: LedgerName): LedgerName {
    this.#byId.set(name.id, name);
    this.#byNorm.set(name.norm, name);
    return name;
  }

  /** An id is never given twice, not even when its name has gone: readers may still hold it. */
  #firstFreeId(): number {
    return (one<{ seq: number }>(this.#context, "select seq from sqlite_sequence where name = 'name'")?.seq ?? 0) + 1;
  }
}

export function isWalk(name: LedgerName): boolean {
  return isWalkName({ titles: name.counts[TITLE], runs: name.counts[RUN] });
}

function nameOf([id, norm, titles, mentions, inTitles, runs, grams, passages]: Row): LedgerName {
  return { id, norm, counts: [titles, mentions, inTitles, runs, grams], passages, stored: true, dirty: false };
}
