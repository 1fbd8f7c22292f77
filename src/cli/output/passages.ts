import type { Citation } from '../../chat/chat.types.ts';
import type { RetrievedPassage, Via } from '../../retrieval/retrieval.types.ts';
import { wrap } from './table.ts';
import { describePath, writer } from './walk-path.ts';

/** The part of a passage or citation that says where it stands. */
type Place = Pick<Citation, 'externalId' | 'title' | 'page' | 'rows' | 'lines' | 'speaker' | 'timeSeconds'>;

const INDENT = '    ';
const NO_WALK = { seeds: [], paths: [] };

/** Where something stands, for a person: `notes/a.md, lines 3-7, Ada`. */
export function describePlace(place: Place): string {
  const { page, rows, lines, speaker, timeSeconds } = place;
  const parts = [
    place.externalId,
    page === undefined ? '' : `page ${String(page)}`,
    whereIn(rows, lines),
    speaker ?? '',
    timeSeconds === undefined ? '' : `at ${clockTime(timeSeconds)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Rows of a table say more than the lines of its text. */
function whereIn(rows: readonly [number, number] | undefined, lines: readonly [number, number] | undefined): string {
  const [first, last] = rows ?? lines ?? [];
  if (first === undefined) return '';
  const unit = rows === undefined ? 'line' : 'row';
  return first === last ? `${unit} ${String(first)}` : `${unit}s ${String(first)}-${String(last)}`;
}

/** Seconds as on a clock: `1:02:05`. */
function clockTime(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${String(Math.floor(seconds / 3600))}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

function describeVia({ lexical, dense, graph, rerank }: Via, written: (name: string) => string): string {
  const ways = [
    lexical === undefined ? '' : `words (rank ${String(lexical.rank)})`,
    dense === undefined ? '' : `meaning (rank ${String(dense.rank)})`,
    graph === undefined || graph.seeds.length === 0 ? '' : `names in the question: ${graph.seeds.map(written).join(', ')}`,
    graph === undefined || graph.paths.length === 0 ? '' : 'the walk',
    rerank === undefined ? '' : `moved here by the model from rank ${String(rerank.from)}`,
  ];
  return ways.filter((way) => way !== '').join('; ');
}

/** Passages as a numbered list: title, place, why it was found, text. */
export function describePassages(passages: readonly RetrievedPassage[], width: number): string {
  if (passages.length === 0) return 'No passage was found.';
  return passages.map((passage) => describePassage(passage, passages, width)).join('\n\n');
}

function describePassage(passage: RetrievedPassage, found: readonly RetrievedPassage[], width: number): string {
  const { graph } = passage.via;
  const head = `[${String(passage.rank)}] ${passage.title}`;
  const where = `${INDENT}${describePlace(passage)}`;
  const why = wrap(`found by ${describeVia(passage.via, writer(graph ?? NO_WALK, found))}; score ${passage.score.toFixed(3)}`, width, INDENT);
  const path = wrap(describePath(graph ?? NO_WALK, found), width, INDENT);
  return [head, where, why, path, wrap(passage.text, width, INDENT)].filter((line) => line !== '').join('\n');
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
