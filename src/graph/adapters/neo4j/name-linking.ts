import type { MatchablePassage, PassageAnalysis } from '../../../common/text/analysis.ts';
import type { PackedSentence } from '../../../common/text/mentions.ts';
import { isStopName, MAX_NAME_WORDS } from '../../../common/text/names.ts';
import type { NameFilter } from '../../indexing/name-filter.ts';
import { GIVEN, GRAM, type NameLink, RUN, TITLE } from '../../indexing/name-links.ts';
import { countedNames, type LinkableNames, linksOf, linksWithout, markedWhole, ownLinks } from '../../indexing/passage-links.ts';
import type { LinkChanges } from './link-changes.ts';
import { type CountedKind, isWalk, type NameBook } from './name-book.ts';

/** A passage whose links are to be true. */
export interface LinkedPassage {
  readonly key: number;
  readonly text: MatchablePassage;
  /** As they are counted now. */
  readonly links: readonly NameLink[];
}

/** Keeps links between passages and names, and the names' counts, true in one change. */
export class NameLinking {
  readonly #book: NameBook;
  readonly #changes: LinkChanges;

  constructor(book: NameBook, changes: LinkChanges) {
    this.#book = book;
    this.#changes = changes;
  }

  /** All norms that `add` will ask for. */
  static normsOf({ titleNames, runs, grams }: PassageAnalysis, given: readonly string[]): string[] {
    return [...titleNames, ...runs, ...grams.map(({ norm }) => norm), ...given];
  }

  /**
   * Counts a passage's own names and runs, and returns its links; its mentions come with `mended`.
   * @param given names that an extraction gives the passage, as if they were runs of its text
   */
  add(passage: number, analysis: PassageAnalysis, given: readonly string[]): NameLink[] {
    return [
      ...analysis.titleNames.map((norm) => this.#link(norm, TITLE, passage)),
      ...[...new Set([...analysis.runs, ...given])].map((norm) => this.#link(norm, RUN, passage)),
      ...analysis.grams.map(({ norm, sentences }) => ({ ...this.#link(norm, GRAM, passage), sentences })),
      ...given.map((norm) => ({ kind: GIVEN, name: this.#book.ensure(norm).key, sentences: [] })),
    ];
  }

  /** Takes back all links of a passage. */
  remove(passage: number, links: readonly NameLink[]): void {
    this.#change(passage, links, []);
  }

  /**
   * The links of passages, found anew now that all names are settled.
   * @param meanwhile sends what can be written already, while the last names are read
   */
  async mended(passages: readonly LinkedPassage[], filter: NameFilter, meanwhile: () => void): Promise<Map<number, readonly NameLink[]>> {
    const candidates = new Set<string>();
    for (const { text } of passages) collectCandidates(text, filter, candidates);
    const loaded = this.#book.loadNorms(candidates);
    meanwhile();
    await loaded;
    const names = this.#linkable(filter);
    return new Map(passages.map(({ key, text, links: old }) => {
      const links = linksOf(text, ownLinks(old), names);
      this.#change(key, old, links);
      return [key, links];
    }));
  }

  /** Names the links of these passages lead to, so that they can be counted. */
  async loadNamesOf(links: Iterable<NameLink>): Promise<void> {
    await this.#book.loadKeys([...links].map(({ name }) => name));
  }

  #linkable(filter: NameFilter): LinkableNames {
    const idOf = (norm: string): number => {
      const name = this.#book.find(norm);
      return name !== undefined && isWalk(name) ? name.key : 0;
    };
    const walkNorm = (key: number): string | undefined => {
      const name = this.#book.byKey(key);
      return name !== undefined && isWalk(name) ? name.norm : undefined;
    };
    return { idOf, walkNorm, has: (norm) => idOf(norm) !== 0 && !isStopName(norm), lengths: (first, second) => filter.lengths(first, second) };
  }

  #change(passage: number, old: readonly NameLink[], links: readonly NameLink[]): void {
    for (const link of linksWithout(old, links)) this.#count(link, passage, -1);
    for (const link of linksWithout(links, old)) this.#count(link, passage, 1);
    const before = countedNames(old);
    const after = countedNames(links);
    for (const key of before.difference(after)) this.#countPassage(key, -1);
    for (const key of after.difference(before)) this.#countPassage(key, 1);
  }

  #count(link: NameLink, passage: number, sign: 1 | -1): void {
    const name = link.kind === GIVEN ? undefined : this.#book.byKey(link.name);
    if (name === undefined) return;
    this.#book.link(name, link.kind as CountedKind, sign);
    this.#changes.add(passage, link, sign);
  }

  #countPassage(key: number, delta: 1 | -1): void {
    const name = this.#book.byKey(key);
    if (name !== undefined) this.#book.countPassage(name, delta);
  }

  /** A title name counts among the passages that have the name from now on. */
  #link(norm: string, kind: typeof TITLE | typeof RUN | typeof GRAM, passage: number): NameLink {
    const name = this.#book.ensure(norm);
    this.#book.link(name, kind, 1);
    if (kind === TITLE) this.#book.countPassage(name, 1);
    const link = { kind, name: name.key, sentences: [] };
    this.#changes.add(passage, link, 1);
    return link;
  }
}

/** Everything in a passage that may be one of the names: a few too many, never one too few. */
function collectCandidates({ titleNorm, sentences }: MatchablePassage, filter: NameFilter, candidates: Set<string>): void {
  for (const sentence of [markedWhole(titleNorm), ...sentences]) collectFrom(sentence, filter, candidates);
}

function collectFrom({ norms: joined, marks }: PackedSentence, filter: NameFilter, candidates: Set<string>): void {
  const norms = joined.split(' ');
  for (const [start, first] of norms.entries()) {
    const mark = marks.indexOf('1', start);
    if (mark === -1) return;
    const lengths = mark - start >= MAX_NAME_WORDS ? 0 : filter.lengths(first, norms[start + 1]);
    if (lengths === 0) continue;
    for (let length = mark - start + 1; length <= Math.min(MAX_NAME_WORDS, norms.length - start); length += 1) {
      if ((lengths & (1 << (length - 1))) === 0) continue;
      const norm = norms.slice(start, start + length).join(' ');
      if (filter.mayHave(norm)) candidates.add(norm);
    }
  }
}
