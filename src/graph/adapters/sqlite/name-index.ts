import { analysePassage, type MatchablePassage, matchablePassage, type PassageAnalysis } from '../../../common/text/analysis.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { irregularKeys } from './irregular-words.ts';
import { indexedWord } from './indexed-text.ts';
import { type Kind, NameLedger, type TurnedName } from './name-ledger.ts';
import { GIVEN, GRAM, IN_TITLE, MENTION, type NameLink, packLinks, RUN, TITLE, unpackLinks } from '../../indexing/name-links.ts';
import { countedNames, linksOf, linksWithout, ownLinks } from '../../indexing/passage-links.ts';
import { one, run, tuples } from './rows.ts';
import { WalkNames } from './walk-names.ts';

/** A passage as the name index reads it. */
interface PassageRow {
  readonly title: string;
  readonly body: string;
  readonly blocks: string;
  readonly names: Uint8Array;
}

interface NewPassage {
  readonly text: MatchablePassage;
  readonly own: readonly NameLink[];
}

const PASSAGE_SQL = 'select title, body, blocks, names from passage where id = ?';
/** New passages whose text is held for the time when all names are settled; of more it is read again. */
const HELD_PASSAGES = 10_000;
const NOTHING = new Uint8Array();

/**
 * Keeps names, their counts and their links to passages true while passages come and go. A name is a walk name when it is a title or
 * a capitalised run of two passages or more, else a rare name; mentions are longest matches over walk names, so a name that changes
 * its status makes other passages' mentions stale: `suspects()` finds them, `recompute()` mends each once, when all names are settled.
 */
export class NameIndex {
  readonly #context: SqliteContext;
  readonly #ledger: NameLedger;
  readonly #walk: WalkNames;
  readonly #new = new Map<number, NewPassage>();

  constructor(context: SqliteContext) {
    this.#context = context;
    this.#ledger = new NameLedger(context);
    this.#walk = new WalkNames(context, this.#ledger);
  }

  /**
   * Counts a new passage's own names and runs. Its mentions come with `recompute`.
   * @param given names that an extraction gives the passage, as if they were runs of its text
   */
  add(passage: number, analysis: PassageAnalysis, given: readonly string[]): void {
    const own = [
      ...analysis.titleNames.map((norm) => this.#link(norm, TITLE, passage)),
      ...[...new Set([...analysis.runs, ...given])].map((norm) => this.#link(norm, RUN, passage)),
      ...analysis.grams.map(({ norm, sentences }) => ({ ...this.#link(norm, GRAM, passage), sentences })),
      ...given.map((norm) => ({ kind: GIVEN, name: this.#ledger.ensure(norm).id, sentences: [] })),
    ];
    if (this.#new.size < HELD_PASSAGES) this.#new.set(passage, { text: { sentences: analysis.sentences, titleNorm: analysis.titleNorm }, own });
    else this.#store(passage, packLinks(own));
    this.#ledger.spill();
  }

  /** A passage that stays is given other names than before; its mentions come with `recompute`. False if they are the same. */
  giveAnew(passage: number, given: readonly string[]): boolean {
    const row = one<PassageRow>(this.#context, PASSAGE_SQL, passage);
    if (row === undefined) return false;
    const links = this.#new.get(passage)?.own ?? unpackLinks(row.names);
    const before = links.filter((link) => link.kind === GIVEN).map((link) => this.#ledger.byId(link.name)?.norm);
    if (before.join('\n') === given.join('\n')) return false;
    this.remove(passage, row.names);
    this.#store(passage, NOTHING);
    this.add(passage, analysePassage(row.title, row.body, JSON.parse(row.blocks) as number[]), given);
    return true;
  }

  /** Takes back all links of a passage that goes. */
  remove(passage: number, packed: Uint8Array): void {
    const links = this.#new.get(passage)?.own ?? unpackLinks(packed);
    this.#new.delete(passage);
    this.#change(passage, links, []);
    this.#ledger.spill();
  }

  /** Settles which names are walk names; returns those that became or ceased to be. */
  settle(): { readonly became: readonly TurnedName[]; readonly ceased: readonly TurnedName[] } {
    const turned = this.#ledger.turned();
    this.#walk.turn(turned.became, turned.ceased);
    return turned;
  }

  /** Passages up to `lastOld` that may hold the phrase of a name that became a walk name: some too many, never one too few. */
  suspects({ id, norm }: TurnedName, lastOld: number): number[] {
    const phrase = 'select rowid from passage_text where passage_text match ? and rowid <= ?';
    const irregular = 'select passage from irregular_word where word = ? and passage <= ?';
    // A passage that was given the name need not hold its phrase.
    const having = this.#ledger.postsOf(id, [RUN]).filter((passage) => passage <= lastOld);
    const holding = [
      ...tuples<[number]>(this.#context, phrase, `"${indexedWord(norm)}"`, lastOld),
      ...irregularKeys(norm).flatMap((word) => tuples<[number]>(this.#context, irregular, word, lastOld)),
    ].map(([passage]) => passage);
    return [...having, ...holding];
  }

  /** Passages that mention a name or hold it in their title. */
  mentioning(name: number): number[] {
    return this.#ledger.postsOf(name, [MENTION, IN_TITLE]);
  }

  /** Finds a passage's mentions anew, now that all names are settled, and mends its links. */
  recompute(passage: number): void {
    const fresh = this.#new.get(passage);
    this.#new.delete(passage);
    const stored = fresh === undefined ? one<PassageRow>(this.#context, PASSAGE_SQL, passage) : undefined;
    if (fresh !== undefined) this.#mend(passage, { old: fresh.own, stored: NOTHING, text: fresh.text });
    if (stored !== undefined) {
      const text = matchablePassage(stored.title, stored.body, JSON.parse(stored.blocks) as number[]);
      this.#mend(passage, { old: unpackLinks(stored.names), stored: stored.names, text });
    }
    this.#ledger.spill();
  }

  /** Writes what is left, forgets names that no passage has any longer, and remembers the rest for the next change. */
  close(version: number): void {
    this.#walk.keep(version, this.#ledger.close());
  }

  #mend(passage: number, { old, stored, text }: { readonly old: readonly NameLink[]; readonly stored: Uint8Array; readonly text: MatchablePassage }): void {
    const links = linksOf(text, ownLinks(old), this.#walk);
    const packed = packLinks(links);
    if (Buffer.compare(packed, stored) === 0) return;
    this.#change(passage, old, links);
    this.#store(passage, packed);
  }

  #change(passage: number, old: readonly NameLink[], links: readonly NameLink[]): void {
    for (const link of linksWithout(old, links)) this.#count(link, passage, -1);
    for (const link of linksWithout(links, old)) this.#count(link, passage, 1);
    const before = countedNames(old);
    const after = countedNames(links);
    for (const id of before.difference(after)) this.#countPassage(id, -1);
    for (const id of after.difference(before)) this.#countPassage(id, 1);
  }

  #count(link: NameLink, passage: number, sign: 1 | -1): void {
    const name = link.kind === GIVEN ? undefined : this.#ledger.byId(link.name);
    if (name !== undefined) this.#ledger.link(name, link.kind as Kind, passage, sign);
  }

  #countPassage(id: number, delta: 1 | -1): void {
    const name = this.#ledger.byId(id);
    if (name !== undefined) this.#ledger.countPassage(name, delta);
  }

  /** A title name counts among the passages that have the name from now on. */
  #link(norm: string, kind: typeof TITLE | typeof RUN | typeof GRAM, passage: number): NameLink {
    const name = this.#ledger.ensure(norm);
    this.#ledger.link(name, kind, passage, 1);
    if (kind === TITLE) this.#ledger.countPassage(name, 1);
    return { kind, name: name.id, sentences: [] };
  }

  #store(passage: number, packed: Uint8Array): void {
    run(this.#context, 'update passage set names = ? where id = ?', packed, passage);
  }
}
