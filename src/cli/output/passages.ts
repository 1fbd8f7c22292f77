import type { Citation } from '../../chat/chat.types.ts';
import type { RetrievedPassage, Via } from '../../retrieval/retrieval.types.ts';
import { wrap } from './table.ts';

/** The part of a passage or citation that says where it stands. */
type Place = Pick<Citation, 'externalId' | 'title' | 'page' | 'lines' | 'speaker'>;

const INDENT = '    ';

/** Where something stands, for a person: `notes/a.md, lines 3-7, Ada`. */
export function describePlace(place: Place): string {
  const { page, lines, speaker } = place;
  const parts = [
    place.externalId,
    page === undefined ? '' : `page ${String(page)}`,
    lines === undefined ? '' : describeLines(lines),
    speaker ?? '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function describeLines([first, last]: readonly [number, number]): string {
  return first === last ? `line ${String(first)}` : `lines ${String(first)}-${String(last)}`;
}

function describeVia({ lexical, dense, graph, rerank }: Via): string {
  const ways = [
    lexical === undefined ? '' : `words (rank ${String(lexical.rank)})`,
    dense === undefined ? '' : `meaning (rank ${String(dense.rank)})`,
    graph === undefined ? '' : describeGraph(graph),
    rerank === undefined ? '' : `moved here by the model from rank ${String(rerank.from)}`,
  ];
  return ways.filter((way) => way !== '').join('; ');
}

function describeGraph({ seeds, paths }: NonNullable<Via['graph']>): string {
  const names = [...new Set(paths.map(([, name]) => name))];
  const over = names.length === 0 ? '' : `over ${names.join(', then ')}`;
  const from = seeds.length === 0 ? '' : `from ${seeds.join(', ')}`;
  return ['graph', from, over].filter((part) => part !== '').join(' ');
}

/** Passages as a numbered list: title, place, why it was found, text. */
export function describePassages(passages: readonly RetrievedPassage[], width: number): string {
  if (passages.length === 0) return 'No passage was found.';
  return passages.map((passage) => describePassage(passage, width)).join('\n\n');
}

function describePassage(passage: RetrievedPassage, width: number): string {
  const head = `[${String(passage.rank)}] ${passage.title}`;
  const where = `${INDENT}${describePlace(passage)}`;
  const why = wrap(`found by ${describeVia(passage.via)}; score ${passage.score.toFixed(3)}`, width, INDENT);
  return [head, where, why, wrap(passage.text, width, INDENT)].join('\n');
}

/** The numbered sources of an answer, each with its quote. */
export function describeCitations(citations: readonly Citation[], width: number): string {
  return citations
    .map((citation) => {
      const head = `[${String(citation.marker)}] ${describePlace(citation)}`;
      // The lines of the file would break again where the terminal breaks; --json has the quote as it stands.
      return `${head}\n${wrap(`"${citation.quote.replaceAll(/\s+/g, ' ')}"`, width, INDENT)}`;
    })
    .join('\n');
}
