import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { linkInts } from '../../indexing/name-links.ts';
import { packTerms, scanTerms } from '../../indexing/packed-terms.ts';
import { metaNumber, one, run, setMeta } from './rows.ts';

/** Keeps the stems of passages as integers, their document frequencies, and how long titles and bodies are in all. */
export class TermIndex {
  readonly #context: SqliteContext;
  readonly #ids = new Map<string, number>();
  readonly #deltas = new Map<number, number>();
  #titleLength = 0;
  #bodyLength = 0;

  constructor(context: SqliteContext) {
    this.#context = context;
  }

  /** Counts a passage that comes; returns its stems as they are stored. */
  add(title: readonly string[], sentences: readonly (readonly string[])[]): Uint8Array {
    const packed = packTerms([title, ...sentences].map((list) => list.map((term) => this.#id(term))));
    this.#count(packed, 1);
    return packed;
  }

  /** Takes a passage that goes out of the counts. */
  remove(packed: Uint8Array): void {
    this.#count(packed, -1);
  }

  flush(): void {
    for (const [id, delta] of this.#deltas) {
      if (delta === 0) continue;
      run(this.#context, 'update term set passages = passages + ? where id = ?', delta, id);
      if (delta < 0) run(this.#context, 'delete from term where id = ? and passages <= 0', id);
    }
    this.#deltas.clear();
    this.#ids.clear();
    setMeta(this.#context, 'title_length', metaNumber(this.#context, 'title_length') + this.#titleLength);
    setMeta(this.#context, 'body_length', metaNumber(this.#context, 'body_length') + this.#bodyLength);
    this.#titleLength = 0;
    this.#bodyLength = 0;
  }

  #count(packed: Uint8Array, sign: 1 | -1): void {
    const distinct = new Set<number>();
    scanTerms(linkInts(packed), (term, sentence) => {
      distinct.add(term);
      if (sentence < 0) this.#titleLength += sign;
      else this.#bodyLength += sign;
    });
    for (const term of distinct) this.#deltas.set(term, (this.#deltas.get(term) ?? 0) + sign);
  }

  #id(term: string): number {
    const known = this.#ids.get(term);
    if (known !== undefined) return known;
    const stored = one<{ id: number }>(this.#context, 'select id from term where term = ?', term)?.id;
    const id = stored ?? Number(this.#context.sql('insert into term(term, passages) values (?, 0)').run(term).lastInsertRowid);
    this.#ids.set(term, id);
    return id;
  }
}
