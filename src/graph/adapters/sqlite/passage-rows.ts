import { analysePassage } from '../../../common/text/analysis.ts';
import { terms } from '../../../common/text/terms.ts';
import type { Extraction } from '../../graph.types.ts';
import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { EntityIndex } from './entity-index.ts';
import { FrequencyDeltas } from './frequencies.ts';
import { irregularWords } from './irregular-words.ts';
import { NameIndex } from './name-index.ts';
import { packLinks } from './name-links.ts';
import { one, run } from './rows.ts';

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
}

/** Everything one change of the visible passages touches. */
export class PassageRows {
  readonly names: NameIndex;
  readonly entities: EntityIndex;
  readonly frequencies = new FrequencyDeltas();
  readonly added: number[] = [];
  readonly removed: number[] = [];
  readonly #context: SqliteContext;

  constructor(context: SqliteContext, uid: string) {
    this.#context = context;
    this.names = new NameIndex(context);
    this.entities = new EntityIndex(context, uid);
  }

  insert(document: number, row: StagedRow): void {
    const title = row.title ?? '';
    const body = row.body ?? '';
    const blocks = row.blocks ?? '[]';
    const analysis = analysePassage(title, body, JSON.parse(blocks) as number[]);
    const sql = `insert into passage(document, ordinal, chunk_id, position, names, title_terms, sentences, title, body, blocks)
      values (?, ?, ?, ?, x'', ?, ?, ?, ?, ?)`;
    const titleTerms = terms(title).join(' ');
    const values = [document, row.ordinal, row.chunk_id, row.position, titleTerms, analysis.sentenceTerms, title, body, blocks];
    const id = Number(this.#context.sql(sql).run(...values).lastInsertRowid);
    run(this.#context, 'insert into passage_text(rowid, title, body) values (?, ?, ?)', id, title, body);
    const links = this.names.add(id, analysis.titleNames, analysis.runs);
    run(this.#context, 'update passage set names = ? where id = ?', packLinks(links), id);
    for (const word of irregularWords(`${title}\n${body}`)) run(this.#context, 'insert or ignore into irregular_word values (?, ?)', word, id);
    if (row.vector !== null) run(this.#context, 'insert into vector values (?, ?)', id, row.vector);
    if (row.sentence_vectors !== null) run(this.#context, 'insert into sentence_vector values (?, ?)', id, row.sentence_vectors);
    if (row.extraction !== null) this.entities.add(id, JSON.parse(row.extraction) as Extraction);
    this.frequencies.count(analysis, 1);
    this.added.push(id);
  }

  /** A passage that stays takes on what was extracted from it in another way; one that was staged as known keeps what it has. */
  extractAnew(id: number, row: StagedRow): void {
    if (row.extraction === null) return;
    this.entities.remove(id);
    this.entities.add(id, JSON.parse(row.extraction) as Extraction);
  }

  remove(id: number): void {
    const stored = one<StoredText>(this.#context, 'select title, body, blocks, names from passage where id = ?', id);
    if (stored === undefined) return;
    this.names.remove(id, stored.names);
    this.entities.remove(id);
    for (const word of irregularWords(`${stored.title}\n${stored.body}`)) {
      run(this.#context, 'delete from irregular_word where word = ? and passage = ?', word, id);
    }
    const sql = "insert into passage_text(passage_text, rowid, title, body) values ('delete', ?, ?, ?)";
    run(this.#context, sql, id, stored.title, stored.body);
    run(this.#context, 'delete from vector where passage = ?', id);
    run(this.#context, 'delete from sentence_vector where passage = ?', id);
    run(this.#context, 'delete from passage where id = ?', id);
    this.frequencies.count(analysePassage(stored.title, stored.body, JSON.parse(stored.blocks) as number[]), -1);
    this.removed.push(id);
  }
}
