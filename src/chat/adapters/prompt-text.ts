import type { PassageKey, RelationFact } from '../../graph/graph.types.ts';
import type { RetrievedPassage } from '../../retrieval/retrieval.types.ts';

const OUR_TAGS = /<(?=\s*\/?\s*(?:passages?|relations?|system|question)\b|\|)/gi;
/** Characters of a name or a type in a relation, and of what a passage says of it. */
const MAX_NAME = 100;
const MAX_DESCRIPTION = 240;

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

/** Where the prompt has a passage, by its key: its number, and the title of the document, for a passage that is not in it. */
export interface PromptPlaces {
  readonly numbers: ReadonlyMap<PassageKey, number>;
  readonly titles: ReadonlyMap<PassageKey, string>;
}

/**
 * A relation as it stands in the prompt, on one line: what a passage of the prompt says of it, if one asserts it, and the numbers of
 * those that do; else what another passage says, and the titles of up to two of the documents.
 */
export function relationText(fact: RelationFact, { numbers, titles }: PromptPlaces): string {
  const shown = fact.evidence.filter(({ passage }) => numbers.has(passage));
  const asserting = shown.map(({ passage }) => numbers.get(passage) ?? 0).toSorted((a, b) => a - b);
  const documents = [...new Set(fact.evidence.map(({ passage }) => titles.get(passage) ?? ''))].filter((title) => title !== '');
  const place = shown.length > 0 ? asserting.map((number) => `[${String(number)}]`).join('') : `(in ${documents.slice(0, 2).map((title) => part(title, MAX_NAME)).join('; ')})`;
  const description = part((shown.length > 0 ? shown : fact.evidence).find((each) => each.description !== '')?.description ?? '', MAX_DESCRIPTION);
  const statement = `${part(fact.source.name, MAX_NAME)} — ${part(fact.type, MAX_NAME)} → ${part(fact.target.name, MAX_NAME)}`;
  return `${statement}${description === '' ? '' : `: ${description}`} ${place}`;
}

/** The message with passages, relations and the question. */
export function questionText(passages: readonly string[], relations: readonly string[], question: string): string {
  const parts = [`<passages>\n${passages.join('\n\n')}\n</passages>`];
  if (relations.length > 0) parts.push(`<relations>\n${relations.join('\n')}\n</relations>`);
  return `${parts.join('\n\n')}\n\nQuestion: ${question}`;
}

/** A part of a line, cut where it is too long to leave room for other relations. */
function part(text: string, limit: number): string {
  const line = oneLine(text);
  return line.length <= limit ? line : `${line.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}

function oneLine(text: string): string {
  return asData(text.replaceAll(/\s+/g, ' ').trim());
}
