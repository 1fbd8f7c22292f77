import type { RetrievedPassage } from '../retrieval/retrieval.types.ts';
import type { Citation } from './chat.types.ts';
import { type PassageSentence, speakerAt } from './passage-sentences.ts';

/** A citation of a stretch of a passage, with the lines and the speaker of that stretch where the passage has them. */
export function citationOf(marker: number, passage: RetrievedPassage, span: Pick<PassageSentence, 'start' | 'end'>): Citation {
  const speaker = speakerAt(passage.text, span.start, passage.speaker);
  return {
    marker,
    documentId: passage.documentId,
    externalId: passage.externalId,
    title: passage.title,
    chunkId: passage.chunkId,
    quote: passage.text.slice(span.start, span.end),
    start: passage.start + span.start,
    end: passage.start + span.end,
    ...(passage.page === undefined ? {} : { page: passage.page }),
    ...(passage.rows === undefined ? {} : { rows: rowsOf(passage.text, passage.rows, span) }),
    ...(passage.lines === undefined ? {} : { lines: linesOf(passage.text, passage.lines, span) }),
    ...(speaker === undefined ? {} : { speaker }),
    ...(passage.timeSeconds === undefined ? {} : { timeSeconds: passage.timeSeconds }),
  };
}

/** A row is a line, unless rows between were empty: then all that is known is where the passage stands. */
function rowsOf(text: string, rows: readonly [number, number], span: Pick<PassageSentence, 'start' | 'end'>): readonly [number, number] {
  return rows[1] - rows[0] === breaksIn(text) ? linesOf(text, rows, span) : rows;
}

function linesOf(text: string, [first, last]: readonly [number, number], span: Pick<PassageSentence, 'start' | 'end'>): readonly [number, number] {
  const from = first + breaksIn(text.slice(0, span.start));
  const to = from + breaksIn(text.slice(span.start, span.end));
  return [Math.min(from, last), Math.min(to, last)];
}

function breaksIn(text: string): number {
  return text.split('\n').length - 1;
}
