import type { SqliteContext } from '../../../storage/sqlite/sqlite-protocol.types.ts';
import { run } from './rows.ts';

/** Document frequencies of words, gathered over many passages and written at once. */
export class FrequencyDeltas {
  readonly #deltas = new Map<string, number>();

  /** @param sign 1 for a passage that comes, -1 for one that goes */
  count(words: readonly string[], sign: 1 | -1): void {
    for (const word of words) this.#deltas.set(word, (this.#deltas.get(word) ?? 0) + sign);
  }

  flush(context: SqliteContext): void {
    for (const [word, delta] of this.#deltas) {
      if (delta === 0) continue;
      run(context, 'insert into word values (?, ?) on conflict(word) do update set passages = passages + excluded.passages', word, delta);
      if (delta < 0) run(context, 'delete from word where word = ? and passages <= 0', word);
    }
    this.#deltas.clear();
  }
}
