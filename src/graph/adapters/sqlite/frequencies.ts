import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { run } from './rows.ts';

const ADD = {
  term: 'insert into term values (?, ?) on conflict(term) do update set passages = passages + excluded.passages',
  word: 'insert into word values (?, ?) on conflict(word) do update set passages = passages + excluded.passages',
} as const;
const PRUNE = { term: 'delete from term where term = ? and passages <= 0', word: 'delete from word where word = ? and passages <= 0' } as const;

/** Document frequencies of stems and words, gathered over many passages and written at once. */
export class FrequencyDeltas {
  readonly #deltas = { term: new Map<string, number>(), word: new Map<string, number>() };

  /** @param sign 1 for a passage that comes, -1 for one that goes */
  count(analysis: { readonly terms: readonly string[]; readonly words: readonly string[] }, sign: 1 | -1): void {
    for (const term of analysis.terms) this.#add('term', term, sign);
    for (const word of analysis.words) this.#add('word', word, sign);
  }

  flush(context: SqliteContext): void {
    for (const table of ['term', 'word'] as const) {
      for (const [key, delta] of this.#deltas[table]) {
        if (delta === 0) continue;
        run(context, ADD[table], key, delta);
        if (delta < 0) run(context, PRUNE[table], key);
      }
      this.#deltas[table].clear();
    }
  }

  #add(table: 'term' | 'word', key: string, delta: number): void {
    this.#deltas[table].set(key, (this.#deltas[table].get(key) ?? 0) + delta);
  }
}
