import type { TermCountQuery } from '../../passage-index.port.ts';
import type { RaggedColumn, TermCounts } from '../../retrieval-columns.types.ts';
import { scanTerms } from '../../indexing/packed-terms.ts';
import type { TermMemory } from './term-memory.ts';
import { storedToken } from './workspace-names.ts';

/** For a stem's integer its place among the stems asked. */
function placesOf(stems: readonly string[], memory: TermMemory): Map<number, number> {
  return new Map(stems.map((stem, place) => [memory.numberOf(storedToken(stem)), place]));
}

/** How often stems, and pairs of them in a row, stand in passages; of one that has gone nothing does. */
export function countTerms({ passages, stems, pairs }: TermCountQuery, memory: TermMemory, termsOf: (key: number) => Int32Array | undefined): Omit<TermCounts, 'meanTitleLength' | 'meanBodyLength'> {
  const cells = passages.length * stems.length;
  const pairCells = passages.length * pairs.length;
  const columns = {
    titleLengths: new Int32Array(passages.length),
    bodyLengths: new Int32Array(passages.length),
    titleCounts: new Uint16Array(cells),
    bodyCounts: new Uint16Array(cells),
    titlePairs: new Uint16Array(pairCells),
    bodyPairs: new Uint16Array(pairCells),
  };
  const places = placesOf(stems, memory);
  const pairAt = new Map(pairs.map(([first, second], pair) => [first * stems.length + second, pair]));
  for (const [row, passage] of passages.entries()) {
    const terms = termsOf(passage);
    if (terms === undefined) continue;
    let before = -1;
    const visit = (stem: number, sentence: number): void => {
      const inTitle = sentence < 0;
      bump(inTitle ? columns.titleLengths : columns.bodyLengths, row);
      const place = places.get(stem) ?? -1;
      if (place >= 0) {
        bump(inTitle ? columns.titleCounts : columns.bodyCounts, row * stems.length + place);
        const pair = before < 0 ? undefined : pairAt.get(before * stems.length + place);
        if (pair !== undefined) bump(inTitle ? columns.titlePairs : columns.bodyPairs, row * pairs.length + pair);
      }
      before = place;
    };
    scanTerms(terms, visit, () => {
      before = -1;
    });
  }
  return columns;
}

function bump(counts: Int32Array | Uint16Array, cell: number): void {
  counts[cell] = (counts[cell] ?? 0) + 1;
}

/**
 * Which of the stems stand in which sentences of passages. Rows are passages; values alternate the number of a sentence (-1: the title)
 * and the place of a stem it holds, each once.
 */
export function stemHits(passages: readonly (Int32Array | undefined)[], stems: readonly string[], memory: TermMemory): RaggedColumn {
  const places = placesOf(stems, memory);
  const values: number[] = [];
  const offsets = new Int32Array(passages.length + 1);
  for (const [row, terms] of passages.entries()) {
    if (terms !== undefined) collectHits(terms, places, values);
    offsets[row + 1] = values.length;
  }
  return { offsets, values: Int32Array.from(values) };
}

function collectHits(terms: Int32Array, places: ReadonlyMap<number, number>, values: number[]): void {
  const seen = new Set<number>();
  scanTerms(
    terms,
    (stem, sentence) => {
      const place = places.get(stem);
      if (place === undefined || seen.has(place)) return;
      seen.add(place);
      values.push(sentence, place);
    },
    () => {
      seen.clear();
    },
  );
}
