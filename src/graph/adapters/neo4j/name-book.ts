import { isWalkName } from '../../indexing/name-counts.ts';
import { GRAM, type IN_TITLE, type MENTION, RUN, TITLE } from '../../indexing/name-links.ts';
import type { ChangeScope } from './change-scope.ts';
import { storedNorm } from './workspace-names.ts';

export type CountedKind = typeof TITLE | typeof MENTION | typeof IN_TITLE | typeof RUN | typeof GRAM;

/** A name with its counts as they are to be. */
export interface BookName {
  readonly key: number;
  readonly norm: string;
  /** By kind of link. */
  readonly counts: [titles: number, mentions: number, inTitles: number, runs: number, grams: number];
  /** Passages that have it as a title or mention it. */
  passages: number;
  readonly isStored: boolean;
  isChanged: boolean;
}

interface NameRow {
  readonly key: number;
  readonly norm: string;
  readonly counts: [number, number, number, number, number];
  readonly passages: number;
}

const COLUMNS = 'n.key AS key, n.norm AS norm, [n.titles, n.mentions, n.inTitles, n.runs, n.grams] AS counts, n.passages AS passages';
const BY_NORM = `UNWIND $batch.rows AS norm MATCH (n:Name) WHERE n.workspace = $workspace AND n.norm = norm RETURN ${COLUMNS}`;
const BY_KEY = `UNWIND $batch.rows AS key MATCH (n:Name) WHERE n.workspace = $workspace AND n.key = key RETURN ${COLUMNS}`;
const PROPERTIES = 'titles: row.counts[0], mentions: row.counts[1], inTitles: row.counts[2], runs: row.counts[3], grams: row.counts[4], passages: row.passages';
const CREATE = `UNWIND $batch.rows AS row CREATE (n:Name:$($label) {workspace: $workspace, key: row.key, norm: row.norm, ${PROPERTIES}})`;
const UPDATE = `UNWIND $batch.rows AS row MATCH (n:Name) WHERE n.workspace = $workspace AND n.key = row.key SET n += {${PROPERTIES}}`;
const FORGET = 'UNWIND $batch.rows AS key MATCH (n:Name) WHERE n.workspace = $workspace AND n.key = key DETACH DELETE n';
/** Kinds of links that make a name; without any it is forgotten. */
const MAKING: ReadonlySet<number> = new Set([TITLE, RUN, GRAM]);

/** The names one change touches: read together, counted in memory and written once each. */
export class NameBook {
  readonly #scope: ChangeScope;
  readonly #byNorm = new Map<string, BookName>();
  readonly #byKey = new Map<number, BookName>();
  readonly #absent = new Set<string>();
  /** Names whose titles, runs or n-grams were touched, with whether they were walk names before. */
  readonly #touched = new Map<BookName, boolean>();
  #nextKey: number;
  #forgotten = 0;
  #made = 0;

  constructor(scope: ChangeScope, nextKey: number) {
    this.#scope = scope;
    this.#nextKey = nextKey;
  }

  get nextKey(): number {
    return this.#nextKey;
  }

  /** Names made less names forgotten, once all is written. */
  get growth(): number {
    return this.#made - this.#forgotten;
  }

  /** Reads what is stored of these names; before they are asked for. */
  async loadNorms(norms: Iterable<string>): Promise<void> {
    const missing = [...new Set([...norms].map(storedNorm))].filter((norm) => !this.#byNorm.has(norm) && !this.#absent.has(norm));
    this.#hold(await this.#scope.each<NameRow>(BY_NORM, missing));
    for (const norm of missing) if (!this.#byNorm.has(norm)) this.#absent.add(norm);
  }

  async loadKeys(keys: Iterable<number>): Promise<void> {
    this.#hold(await this.#scope.each<NameRow>(BY_KEY, [...new Set(keys)].filter((key) => !this.#byKey.has(key))));
  }

  /** The name, made if there is none yet. */
  ensure(norm: string): BookName {
    const known = this.find(norm);
    if (known !== undefined) return known;
    const name: BookName = { key: this.#nextKey, norm: storedNorm(norm), counts: [0, 0, 0, 0, 0], passages: 0, isStored: false, isChanged: true };
    this.#nextKey += 1;
    this.#put(name);
    return name;
  }

  find(norm: string): BookName | undefined {
    return this.#byNorm.get(storedNorm(norm));
  }

  byKey(key: number): BookName | undefined {
    return this.#byKey.get(key);
  }

  /** A passage comes to have a link to a name, or ceases to. */
  link(name: BookName, kind: CountedKind, sign: 1 | -1): void {
    if (MAKING.has(kind) && !this.#touched.has(name)) this.#touched.set(name, isWalk(name));
    name.counts[kind] += sign;
    name.isChanged = true;
  }

  /** A passage comes to be, or ceases to be, one that has a name as title or mentions it. */
  countPassage(name: BookName, delta: 1 | -1): void {
    name.passages += delta;
    name.isChanged = true;
  }

  /** Names that became or ceased to be walk names so far. */
  turned(): { readonly became: BookName[]; readonly ceased: BookName[] } {
    const turned = [...this.#touched].filter(([name, was]) => isWalk(name) !== was).map(([name]) => name);
    return { became: turned.filter(isWalk), ceased: turned.filter((name) => !isWalk(name)) };
  }

  /** Writes names that are new or have changed, before links to them are written. */
  write(): void {
    const living = [...this.#byKey.values()].filter((name) => name.isChanged && !this.#isGone(name));
    const made = living.filter(({ isStored }) => !isStored);
    this.#made = made.length;
    this.#scope.send(CREATE, made.map(rowOf));
    this.#scope.send(UPDATE, living.filter(({ isStored }) => isStored).map(rowOf));
  }

  /** Forgets names that no passage has any longer, with what leads to them. */
  forget(): void {
    const gone = [...this.#touched.keys()].filter((name) => name.isStored && this.#isGone(name));
    this.#forgotten = gone.length;
    this.#scope.send(FORGET, gone.map(({ key }) => key));
  }

  #isGone({ counts }: BookName): boolean {
    return counts[TITLE] + counts[RUN] + counts[GRAM] <= 0;
  }

  #hold(rows: readonly NameRow[]): void {
    for (const { key, norm, counts, passages } of rows) {
      if (!this.#byKey.has(key)) this.#put({ key, norm, counts: [...counts], passages, isStored: true, isChanged: false });
    }
  }

  #put(name: BookName): void {
    this.#byKey.set(name.key, name);
    this.#byNorm.set(name.norm, name);
    this.#absent.delete(name.norm);
  }
}

export function isWalk(name: BookName): boolean {
  return isWalkName({ titles: name.counts[TITLE], runs: name.counts[RUN] });
}

function rowOf({ key, norm, counts, passages }: BookName): { readonly key: number; readonly norm: string; readonly counts: readonly number[]; readonly passages: number } {
  return { key, norm, counts, passages };
}
