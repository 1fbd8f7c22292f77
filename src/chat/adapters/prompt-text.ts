import type { RelationFact } from '../../graph/graph.types.ts';
import type { RetrievedPassage } from '../../retrieval/retrieval.types.ts';

const OUR_TAGS = /<(?=\s*\/?\s*(?:passages?|relations?|system|question)\b|\|)/gi;
const MARKERS = /\[(\s*\d+(?:\s*[,;]\s*\d+)*\s*)\]/g;

/**
 * A document's text as data: what looks like our fences or like a chat template's control token loses its bracket, and what looks
 * like a marker gets round brackets, so that no document can end the data, or cite.
 */
export function asData(text: string): string {
  return text.replaceAll(OUR_TAGS, '‹').replaceAll(MARKERS, '($1)');
}

/** A passage as it stands in the prompt. */
export function passageText(passage: RetrievedPassage, number: number): string {
  return `[${String(number)}] ${oneLine(passage.title)}\n${asData(passage.text)}`;
}

/**
 * A relation as it stands in the prompt, with the numbers of the passages that assert it; nothing if none of those is in the prompt.
 * @param numbers a passage's number by its chunk id
 */
export function relationText(fact: RelationFact, numbers: ReadonlyMap<string, number>): string | undefined {
  const asserting = fact.evidence.flatMap(({ chunkId }) => numbers.get(chunkId) ?? []);
  if (asserting.length === 0) return undefined;
  const markers = [...new Set(asserting)].toSorted((a, b) => a - b).map((number) => `[${String(number)}]`);
  const description = fact.description === '' ? '' : `: ${oneLine(fact.description)}`;
  return `${oneLine(fact.source)} — ${oneLine(fact.type)} → ${oneLine(fact.target)}${description} ${markers.join('')}`;
}

/** The message with passages, relations and the question. */
export function questionText(passages: readonly string[], relations: readonly string[], question: string): string {
  const parts = [`<passages>\n${passages.join('\n\n')}\n</passages>`];
  if (relations.length > 0) parts.push(`<relations>\n${relations.join('\n')}\n</relations>`);
  return `${parts.join('\n\n')}\n\nQuestion: ${question}`;
}

function oneLine(text: string): string {
  return asData(text.replaceAll(/\s+/g, ' ').trim());
}
