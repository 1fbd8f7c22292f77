import { analysePassage, matchablePassage, type PassageAnalysis } from '../../../common/text/analysis.ts';
import type { Extraction } from '../../graph.types.ts';
import { givenNames } from '../../indexing/given-names.ts';
import type { NameFilter } from '../../indexing/name-filter.ts';
import { GIVEN, linksOfInts, type NameLink } from '../../indexing/name-links.ts';
import { linkIntsOf, sameBytes, storedLinks, type StoredBytes } from './bytes.ts';
import { type ChunkRow, chunkRows } from './change-chunks.ts';
import type { ChangeScope } from './change-scope.ts';
import { EntityChanges } from './entity-changes.ts';
import { LinkChanges } from './link-changes.ts';
import { NameBook } from './name-book.ts';
import { type LinkedPassage, NameLinking } from './name-linking.ts';
import { termsOf } from './passage-terms.ts';
import { suspectPassages } from './suspect-passages.ts';
import { TermChanges } from './term-changes.ts';
import { storedNorm } from './workspace-names.ts';

/** A passage that becomes visible. */
export interface NewPassage {
  readonly key: number;
  readonly analysis: PassageAnalysis;
  readonly extraction: Extraction | undefined;
}

/** What of a workspace's passages changes. */
export interface PassageChanges {
  readonly added: readonly NewPassage[];
  readonly removed: readonly ChunkRow[];
  /** Passages that stay and take on what was extracted from them in another way. */
  readonly extracted: readonly { readonly row: ChunkRow; readonly extraction: Extraction }[];
}

/** What working out needs to know. */
export interface IndexingContext {
  /** Whether there are visible passages that do not change themselves. */
  readonly hasOthers: boolean;
  /** The walk names as they were before, with room for so many new ones. */
  readonly take: (ofMore: number) => Promise<NameFilter>;
  /** Sends what can be written already, while the first names are read. */
  readonly meanwhile: () => void;
}

/**
 * Names, links, terms and entities of one change: worked out in memory first, then written. What is ready earlier is sent behind a read that
 * is waited for, so that the server has something to do while this process works.
 */
export class PassageIndexing {
  readonly links = new LinkChanges();
  readonly entities: EntityChanges;
  readonly names: NameBook;
  readonly #terms = new TermChanges();
  readonly #scope: ChangeScope;
  readonly #linking: NameLinking;

  constructor(scope: ChangeScope, nextName: number) {
    this.#scope = scope;
    this.entities = new EntityChanges(scope);
    this.names = new NameBook(scope, nextName);
    this.#linking = new NameLinking(this.names, this.links);
  }

  /** By how many stems titles and bodies of all passages become longer. */
  get lengthGrowth(): Pick<TermChanges, 'titleLength' | 'bodyLength'> {
    return this.#terms;
  }

  /**
   * Works out what the change means to all passages; terms are written.
   * @returns the links of passages whose links are new or other than before, and the filter with the names as they are now
   */
  async workOut(changes: PassageChanges, { hasOthers, take, meanwhile }: IndexingContext): Promise<{ readonly links: Map<number, StoredBytes>; readonly filter: NameFilter }> {
    await this.#loadNames(changes, meanwhile);
    for (const row of changes.removed) this.#remove(row);
    const added = changes.added.map((passage) => this.#add(passage));
    const renamed = changes.extracted.flatMap((passage) => this.#extractAnew(passage));
    const { became, ceased } = this.names.turned();
    const filter = await take(became.length);
    for (const { norm } of became) filter.add(norm);
    const settled = new Set([...changes.removed.map(({ key }) => key), ...renamed.map(({ key }) => key)]);
    const suspects = hasOthers ? (await suspectPassages(this.#scope, became, ceased)).difference(settled) : [];
    const stale = await chunkRows(this.#scope, suspects);
    await this.#linking.loadNamesOf(stale.flatMap(linksOfRow));
    const mended = await this.#linking.mended([...added, ...renamed, ...stale.map(linkedRow)], filter, () => { this.#terms.write(this.#scope); });
    const links = new Map([...mended].map(([key, list]) => [key, storedLinks(list)]));
    for (const { key, links: before } of stale) if (before !== null && sameBytes(before, links.get(key) ?? before)) links.delete(key);
    return { links, filter };
  }

  async #loadNames({ added, removed, extracted }: PassageChanges, meanwhile: () => void): Promise<void> {
    const known = [...removed, ...extracted.map(({ row }) => row)];
    await this.#linking.loadNamesOf(known.flatMap(linksOfRow));
    const ofExtracted = extracted.flatMap(({ row, extraction }) => NameLinking.normsOf(analysisOf(row), givenNames(extraction)));
    const loaded = this.names.loadNorms([...added.flatMap(({ analysis, extraction }) => NameLinking.normsOf(analysis, givenNames(extraction))), ...ofExtracted]);
    meanwhile();
    await loaded;
  }

  #remove(row: ChunkRow): void {
    this.#linking.remove(row.key, linksOfRow(row));
    this.links.drop(row.key);
    this.#terms.count(row, analysisOf(row).words, -1);
    this.entities.remove(row.key);
  }

  #add({ key, analysis, extraction }: NewPassage): LinkedPassage {
    this.#terms.count(termsOf(analysis), analysis.words, 1);
    if (extraction !== undefined) this.entities.add(key, extraction);
    return { key, text: analysis, links: this.#linking.add(key, analysis, givenNames(extraction)) };
  }

  /** Nothing if the passage's names stay the same. */
  #extractAnew({ row, extraction }: { readonly row: ChunkRow; readonly extraction: Extraction }): LinkedPassage[] {
    this.entities.remove(row.key);
    this.entities.add(row.key, extraction);
    const given = givenNames(extraction);
    const links = linksOfRow(row);
    const before = links.filter((link) => link.kind === GIVEN).map((link) => this.names.byKey(link.name)?.norm);
    if (before.join('\n') === given.map(storedNorm).join('\n')) return [];
    this.#linking.remove(row.key, links);
    const analysis = analysisOf(row);
    return [{ key: row.key, text: analysis, links: this.#linking.add(row.key, analysis, given) }];
  }
}

function analysisOf({ title, text, blocks }: ChunkRow): PassageAnalysis {
  return analysePassage(title, text, JSON.parse(blocks) as number[]);
}

function linksOfRow({ links }: ChunkRow): NameLink[] {
  return linksOfInts(linkIntsOf(links));
}

function linkedRow(row: ChunkRow): LinkedPassage {
  return { key: row.key, text: matchablePassage(row.title, row.text, JSON.parse(row.blocks) as number[]), links: linksOfRow(row) };
}
