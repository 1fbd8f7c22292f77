import { analysePassage, type PassageAnalysis } from '../../../common/text/analysis.ts';
import type { Extraction } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { EntityIndex } from './entity-index.ts';
import { FrequencyDeltas } from './frequencies.ts';
import { givenNames } from '../../indexing/given-names.ts';
import { indexedText } from './indexed-text.ts';
import { irregularPhrases } from './irregular-words.ts';
import { NameIndex } from './name-index.ts';
import { one, run } from './rows.ts';
import { TermIndex } from './term-index.ts';

/** A chunk as it was staged. */
export interface StagedRow {
  readonly ordinal: number;
  readonly chunk_id: string;
  readonly position: string;
  readonly title: string | null;
  readonly body: string | null;
  readonly blocks: string | null;
  readonly vector: Uint8Array | null;
  readonly extraction: string | null;
  readonly sentence_vectors: Uint8Array | null;
}

interface StoredText {
  readonly title: string;
  readonly body: string;
  readonly blocks: string;
  readonly names: Uint8Array;
  readonly terms: Uint8Array;
}

interface IndexedText {
  readonly title: string;
  readonly body: string;
  readonly analysis: PassageAnalysis;
  readonly given: readonly string[];
}

const STORED_SQL = 'select title, body, blocks, names, terms from passage where id = ?';

/** Everything one change of the visible passages touches. */
export class PassageRows {
  readonly names: NameIndex;
  readonly entities: EntityIndex;
  readonly frequencies = new FrequencyDeltas();
  readonly terms: TermIndex;
  readonly added: number[] = [];
  readonly removed: number[] = [];
  /** Passages that stayed and were given other names. */
  readonly renamed: number[] = [];
  readonly #context: SqliteContext;

  constructor(context: SqliteContext, uid: string) {
    this.#context = context;
    this.names = new NameIndex(context);
    this.terms = new TermIndex(context);
    this.entities = new EntityIndex(context, uid);
  }

  insert(document: number, row: StagedRow): void {
    const title = row.title ?? '';
    const body = row.body ?? '';
    const blocks = row.blocks ?? '[]';
    const analysis = analysePassage(title, body, JSON.parse(blocks) as number[]);
    const sql = `insert into passage(document, ordinal, chunk_id, position, names, terms, title, body, blocks)
      values (?, ?, ?, ?, x'', ?, ?, ?, ?)`;
    const packed = this.terms.add(analysis.titleTerms, analysis.sentenceTerms);
    const values = [document, row.ordinal, row.chunk_id, row.position, packed, title, body, blocks];
    const id = Number(this.#context.sql(sql).run(...values).lastInsertRowid);
    const extraction = extractionOf(row);
    this.#index(id, { title, body, analysis, given: givenNames(extraction) });
    if (row.vector !== null) run(this.#context, 'insert into vector values (?, ?)', id, row.vector);
    if (row.sentence_vectors !== null) run(this.#context, 'insert into sentence_vector values (?, ?)', id, row.sentence_vectors);
    if (extraction !== undefined) this.entities.add(id, extraction);
    this.added.push(id);
  }

  /** Enters a passage that is there already into text index, names and frequencies, from which all was deleted. */
  reindex(id: number): void {
    const stored = one<StoredText>(this.#context, STORED_SQL, id);
    if (stored === undefined) return;
    const { title, body } = stored;
    const analysis = analysePassage(title, body, JSON.parse(stored.blocks) as number[]);
    run(this.#context, 'update passage set terms = ? where id = ?', this.terms.add(analysis.titleTerms, analysis.sentenceTerms), id);
    this.#index(id, { title, body, analysis, given: [] });
  }

  /** A passage that stays takes on what was extracted from it in another way; one that was staged as known keeps what it has. */
  extractAnew(id: number, row: StagedRow): void {
    const extraction = extractionOf(row);
    if (extraction === undefined) return;
    this.entities.remove(id);
    this.entities.add(id, extraction);
    if (this.names.giveAnew(id, givenNames(extraction))) this.renamed.push(id);
  }

  remove(id: number): void {
    const stored = one<StoredText>(this.#context, STORED_SQL, id);
    if (stored === undefined) return;
    this.names.remove(id, stored.names);
    this.terms.remove(stored.terms);
    this.entities.remove(id);
    for (const word of irregularIn(stored.title, stored.body)) {
      run(this.#context, 'delete from irregular_word where word = ? and passage = ?', word, id);
    }
    const sql = "insert into passage_text(passage_text, rowid, title, body) values ('delete', ?, ?, ?)";
    run(this.#context, sql, id, indexedText(stored.title), indexedText(stored.body));
    run(this.#context, 'delete from vector where passage = ?', id);
    run(this.#context, 'delete from sentence_vector where passage = ?', id);
    run(this.#context, 'delete from passage where id = ?', id);
    this.frequencies.count(analysePassage(stored.title, stored.body, JSON.parse(stored.blocks) as number[]).words, -1);
    this.removed.push(id);
  }

  #index(id: number, { title, body, analysis, given }: IndexedText): void {
    run(this.#context, 'insert into passage_text(rowid, title, body) values (?, ?, ?)', id, indexedText(title), indexedText(body));
    this.names.add(id, analysis, given);
    for (const phrase of irregularIn(title, body)) run(this.#context, 'insert or ignore into irregular_word values (?, ?)', phrase, id);
    this.frequencies.count(analysis.words, 1);
  }
}

function irregularIn(title: string, body: string): string[] {
  return [...irregularPhrases(title), ...irregularPhrases(body)];
}

function extractionOf(row: StagedRow): Extraction | undefined {
  return row.extraction === null ? undefined : (JSON.parse(row.extraction) as Extraction);
}
