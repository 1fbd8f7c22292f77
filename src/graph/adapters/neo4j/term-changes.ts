import type { ChangeScope } from './change-scope.ts';
import { type PassageTerms, scanStems } from './passage-terms.ts';
import { storedToken } from './workspace-names.ts';

// Of all statements this one has by far the most rows, so they are lists: [token, stems, words].
const COUNT = `UNWIND $batch.rows AS row
MERGE (t:Term {workspace: $workspace, token: row[0]})
ON CREATE SET t:$($label), t.stems = row[1], t.words = row[2]
ON MATCH SET t.stems = t.stems + row[1], t.words = t.words + row[2]`;
const FORGET = 'UNWIND $batch.rows AS token MATCH (t:Term) WHERE t.workspace = $workspace AND t.token = token AND t.stems <= 0 AND t.words <= 0 DELETE t';

interface Counts {
  /** Passages that have it as a stem, and as a whole word. */
  stems: number;
  words: number;
}

/** Document frequencies of stems and words, gathered over many passages and written at once. */
export class TermChanges {
  readonly #counts = new Map<string, Counts>();
  titleLength = 0;
  bodyLength = 0;

  /** @param sign 1 for a passage that comes, -1 for one that goes */
  count(terms: PassageTerms, words: readonly string[], sign: 1 | -1): void {
    const stems = new Set<string>();
    scanStems(terms, (stem, sentence) => {
      stems.add(stem);
      if (sentence < 0) this.titleLength += sign;
      else this.bodyLength += sign;
    });
    for (const stem of stems) this.#of(stem).stems += sign;
    for (const word of new Set(words.map(storedToken))) this.#of(word).words += sign;
  }

  write(scope: ChangeScope): void {
    const changed = [...this.#counts].filter(([, { stems, words }]) => stems !== 0 || words !== 0);
    scope.send(COUNT, changed.map(([token, { stems, words }]) => [token, stems, words]));
    scope.send(FORGET, changed.filter(([, { stems, words }]) => stems < 0 || words < 0).map(([token]) => token));
  }

  #of(token: string): Counts {
    const known = this.#counts.get(token) ?? { stems: 0, words: 0 };
    this.#counts.set(token, known);
    return known;
  }
}
