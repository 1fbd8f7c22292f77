import { isStopName, longestMatches, type NameLengths, hasMark, MAX_NAME_WORDS } from '../../../common/text/names.ts';
import { COMMON_WORDS } from '../../../common/text/stop-words.ts';
import { sentenceWords } from '../../../common/text/analysis.ts';
import { normalForm, type Word, words } from '../../../common/text/words.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { isWalkName } from './counted-names.ts';
import { IN_TITLE, MENTION, type NameLink, packLinks, RUN, TITLE, unpackLinks } from './name-links.ts';
import { all, one, run } from './rows.ts';

/** A name's counts. */
interface NameRow {
  readonly id: number;
  readonly titles: number;
  readonly runs: number;
}

/** A passage as the name index reads it. */
interface PassageRow {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly blocks: string;
  readonly names: Uint8Array;
}

const COUNTER = { [TITLE]: 'titles', [MENTION]: 'mentions', [IN_TITLE]: 'in_titles', [RUN]: 'runs' } as const;
type Kind = keyof typeof COUNTER;

const PASSAGE_SQL = 'select id, title, body, blocks, names from passage where id = ?';
const CACHE_LIMIT = 200_000;

/**
 * Keeps names, their counts and their links to passages true while passages come and go. A name is a walk name when it is a title or
 * a capitalised run of two passages or more, else a rare name; mentions are longest matches over walk names, so a name that changes
 * its status makes other passages' mentions stale: `stale()` finds them, `recompute()` mends each once, when all names are settled.
 */
export class NameIndex {
  readonly #context: SqliteContext;
  /** Names whose counts were touched, with whether they were walk names before. */
  readonly #touched = new Map<number, boolean>();
  readonly #walkIds = new Map<string, number>();
  readonly #lengths = new Map<string, number>();

  constructor(context: SqliteContext) {
    this.#context = context;
  }

  /** Counts a new passage's own names and runs, and returns its links so far. */
  add(passage: number, titleNames: readonly string[], runs: readonly string[]): NameLink[] {
    const links = [
      ...titleNames.map((norm) => this.#link(norm, TITLE, passage)),
      ...runs.map((norm) => this.#link(norm, RUN, passage)),
    ];
    // A title name counts among the passages that have the name from now on; mentions are added by `recompute`.
    for (const link of links) if (link.kind === TITLE) this.#countPassage(link.name, 1);
    return links;
  }

  /** Takes back all links of a passage that goes. */
  remove(passage: number, packed: Uint8Array): void {
    const links = unpackLinks(packed);
    for (const link of links) {
      if (link.kind === TITLE || link.kind === RUN) this.#remember(link.name);
      this.#unpost(link.name, link.kind as Kind, passage);
    }
    for (const name of passagesNames(links)) this.#countPassage(name, -1);
  }

  /** Names that became or ceased to be walk names, by id. */
  settled(): { readonly became: number[]; readonly ceased: number[] } {
    const became: number[] = [];
    const ceased: number[] = [];
    for (const [id, was] of this.#touched) {
      const row = one<NameRow>(this.#context, 'select id, titles, runs from name where id = ?', id);
      const now = row !== undefined && isWalkName(row);
      if (now && !was) became.push(id);
      if (was && !now) ceased.push(id);
    }
    this.#walkIds.clear();
    return { became, ceased };
  }

  /** Passages up to `lastOld` that may hold the phrase of a name that became a walk name: some too many, never one too few. */
  suspects(norm: string, lastOld: number): Set<number> {
    const phrase = 'select rowid as passage from passage_text where passage_text match ? and rowid <= ?';
    const irregular = 'select passage from irregular_word where word = ? and passage <= ?';
    const rows = [
      ...all<{ passage: number }>(this.#context, phrase, `"${norm}"`, lastOld),
      ...norm.split(' ').flatMap((word) => all<{ passage: number }>(this.#context, irregular, word, lastOld)),
    ];
    return new Set(rows.map((row) => row.passage));
  }

  /** Whether a passage could mention one of these names, or holds one in its title. */
  concerns(passageId: number, norms: readonly string[]): boolean {
    const passage = one<PassageRow>(this.#context, PASSAGE_SQL, passageId);
    if (passage === undefined) return false;
    const title = padded(normalForm(passage.title));
    if (norms.some((norm) => title.includes(padded(norm)))) return true;
    const asked = new Set(norms);
    return sentencesOf(passage).some((list) => {
      const text = padded(list.map((word) => word.norm).join(' '));
      const present = norms.filter((norm) => text.includes(padded(norm)));
      if (present.length === 0) return false;
      return longestMatches(list, (name, start, end) => asked.has(name) && hasMark(list, start, end), lengthsOf(present)).length > 0;
    });
  }

  normOf(name: number): string {
    return one<{ norm: string }>(this.#context, 'select norm from name where id = ?', name)?.norm ?? '';
  }

  /** Passages that mention a name that ceased to be a walk name. */
  mentioning(name: number): number[] {
    const sql = 'select passage from post where name = ? and kind in (1, 2)';
    return all<{ passage: number }>(this.#context, sql, name).map((row) => row.passage);
  }

  /** Finds a passage's mentions anew, now that all names are settled, and mends its links. */
  recompute(passageId: number): void {
    const passage = one<PassageRow>(this.#context, PASSAGE_SQL, passageId);
    if (passage === undefined) return;
    const old = unpackLinks(passage.names);
    const own = old.filter((link) => link.kind === TITLE || link.kind === RUN);
    const links = [...own, ...this.#mentions(passage), ...this.#inTitle(passage, own)];
    this.#replace(passageId, old, links);
  }

  /** Forgets names that no passage has any longer. */
  prune(): void {
    for (const id of this.#touched.keys()) run(this.#context, 'delete from name where id = ? and titles = 0 and runs = 0', id);
    this.#touched.clear();
  }

  #mentions(passage: PassageRow): NameLink[] {
    const found = new Map<number, number[]>();
    for (const [sentence, list] of sentencesOf(passage).entries()) {
      const accept = (name: string, start: number, end: number): boolean =>
        hasMark(list, start, end) && this.#walkId(name) !== 0 && !isStopName(name);
      for (const match of longestMatches(list, accept, this.#lengthsOf)) {
        const id = this.#walkId(match.name);
        const known = found.get(id);
        if (known === undefined) found.set(id, [sentence]);
        else if (known.at(-1) !== sentence) known.push(sentence);
      }
    }
    return [...found].map(([name, sentences]) => ({ kind: MENTION, name, sentences }));
  }

  #inTitle(passage: PassageRow, own: readonly NameLink[]): NameLink[] {
    const whole = normalForm(passage.title);
    const ownNames = new Set(own.filter((link) => link.kind === TITLE).map((link) => link.name));
    const accept = (name: string): boolean => name !== whole && this.#walkId(name) !== 0;
    const matches = longestMatches(words(passage.title), accept, this.#lengthsOf)
      .filter((match) => !COMMON_WORDS.has(match.name))
      .map((match) => this.#walkId(match.name))
      .filter((name) => !ownNames.has(name));
    return [...new Set(matches)].map((name) => ({ kind: IN_TITLE, name, sentences: [] }));
  }

  #replace(passage: number, old: readonly NameLink[], links: readonly NameLink[]): void {
    for (const link of without(old, links)) this.#unpost(link.name, link.kind as Kind, passage);
    for (const link of without(links, old)) this.#post(link.name, link.kind as Kind, passage);
    const before = passagesNames(old);
    const after = passagesNames(links);
    for (const name of before.difference(after)) this.#countPassage(name, -1);
    for (const name of after.difference(before)) this.#countPassage(name, 1);
    run(this.#context, 'update passage set names = ? where id = ?', packLinks(links), passage);
  }

  #link(norm: string, kind: typeof TITLE | typeof RUN, passage: number): NameLink {
    const name = this.#nameId(norm);
    this.#remember(name);
    this.#post(name, kind, passage);
    return { kind, name, sentences: [] };
  }

  #nameId(norm: string): number {
    const known = one<{ id: number }>(this.#context, 'select id from name where norm = ?', norm);
    if (known !== undefined) return known.id;
    const parts = norm.split(' ');
    if (parts.length <= MAX_NAME_WORDS) {
      const sql = 'insert into name_start values (?, ?) on conflict(word) do update set lengths = lengths | excluded.lengths';
      run(this.#context, sql, parts[0] ?? '', 1 << (parts.length - 1));
      this.#lengths.delete(parts[0] ?? '');
    }
    return Number(this.#context.sql('insert into name(norm) values (?)').run(norm).lastInsertRowid);
  }

  #remember(name: number): void {
    if (this.#touched.has(name)) return;
    const row = one<NameRow>(this.#context, 'select id, titles, runs from name where id = ?', name);
    this.#touched.set(name, row !== undefined && isWalkName(row));
  }

  #post(name: number, kind: Kind, passage: number): void {
    run(this.#context, 'insert into post values (?, ?, ?)', name, kind, passage);
    run(this.#context, `update name set ${COUNTER[kind]} = ${COUNTER[kind]} + 1 where id = ?`, name);
  }

  #unpost(name: number, kind: Kind, passage: number): void {
    run(this.#context, 'delete from post where name = ? and kind = ? and passage = ?', name, kind, passage);
    run(this.#context, `update name set ${COUNTER[kind]} = ${COUNTER[kind]} - 1 where id = ?`, name);
  }

  #countPassage(name: number, delta: 1 | -1): void {
    run(this.#context, 'update name set passages = passages + ? where id = ?', delta, name);
  }

  #walkId(norm: string): number {
    const known = this.#walkIds.get(norm);
    if (known !== undefined) return known;
    const row = one<NameRow>(this.#context, 'select id, titles, runs from name where norm = ?', norm);
    const id = row !== undefined && isWalkName(row) ? row.id : 0;
    if (this.#walkIds.size >= CACHE_LIMIT) this.#walkIds.clear();
    this.#walkIds.set(norm, id);
    return id;
  }

  readonly #lengthsOf: NameLengths = (word) => {
    const known = this.#lengths.get(word);
    if (known !== undefined) return known;
    const lengths = one<{ lengths: number }>(this.#context, 'select lengths from name_start where word = ?', word)?.lengths ?? 0;
    if (this.#lengths.size >= CACHE_LIMIT) this.#lengths.clear();
    this.#lengths.set(word, lengths);
    return lengths;
  };
}

function sentencesOf(passage: PassageRow): Word[][] {
  return sentenceWords(passage.body, JSON.parse(passage.blocks) as number[]);
}

/** Whole words only: a space at both ends. */
function padded(text: string): string {
  return ` ${text} `;
}

/** For a first word the lengths of those of the names that start with it; a name of more than nine words matches nowhere. */
function lengthsOf(norms: readonly string[]): NameLengths {
  const lengths = new Map<string, number>();
  for (const parts of norms.map((norm) => norm.split(' ')).filter((each) => each.length <= MAX_NAME_WORDS)) {
    const [first = ''] = parts;
    lengths.set(first, (lengths.get(first) ?? 0) | (1 << (parts.length - 1)));
  }
  return (word) => lengths.get(word) ?? 0;
}

/** Names that count the passage among theirs: its titles and its mentions. */
function passagesNames(links: readonly NameLink[]): Set<number> {
  return new Set(links.filter((link) => link.kind === TITLE || link.kind === MENTION).map((link) => link.name));
}

/** Links of the first list that the second has not, whatever their sentences. */
function without(links: readonly NameLink[], others: readonly NameLink[]): NameLink[] {
  const key = (link: NameLink): string => `${String(link.kind)}:${String(link.name)}`;
  const known = new Set(others.map(key));
  return links.filter((link) => !known.has(key(link)));
}
