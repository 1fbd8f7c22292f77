import { terms } from '../../src/common/text/terms.ts';
import { sumOfUsage } from '../../src/models/models.types.ts';
import type { RetrievedPassage, RetrievalResult } from '../../src/retrieval/retrieval.types.ts';

/** A passage as retrieval would give it; `documentText` is the document it is cut from, by default the passage alone. */
export function fakePassage(given: Partial<RetrievedPassage> & { readonly text: string }, documentText = given.text): RetrievedPassage {
  const start = documentText.indexOf(given.text);
  const rank = given.rank ?? 1;
  return {
    rank,
    score: 1 / rank,
    documentId: `document-${String(rank)}`,
    externalId: `file-${String(rank)}.txt`,
    chunkId: `chunk-${String(rank)}`,
    title: `Title ${String(rank)}`,
    start,
    end: start + given.text.length,
    via: { lexical: { rank, score: 1 / rank } },
    entities: [],
    ...given,
  };
}

/** What retrieval would give for these passages, if they were all there are, to a question. */
export function fakeResult(passages: readonly RetrievedPassage[], question = ''): RetrievalResult {
  const keys = passages.map((_, i) => i + 1);
  const having = (stem: string): number => passages.filter(({ title, text }) => [...terms(title), ...terms(text)].includes(stem)).length;
  const frequencies = { passageCount: passages.length, byStem: new Map(terms(question).map((stem) => [stem, having(stem)])) };
  const timings = { lexical: 1, total: 2, counts: { lexical: passages.length } };
  return { passages, keys, timings, frequencies, nameWeights: new Map(), usage: sumOfUsage([]), warnings: [] };
}
