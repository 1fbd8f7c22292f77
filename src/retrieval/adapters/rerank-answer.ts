import { z } from 'zod';

/** The JSON schema of an answer, as model servers want it. */
export const RERANK_SCHEMA = {
  name: 'rerank',
  schema: {
    type: 'object',
    properties: { order: { type: 'array', items: { type: 'integer' } } },
    required: ['order'],
    additionalProperties: false,
  },
} as const;

const numbers = z.array(z.unknown());
const answer = z.union([numbers, z.object({ order: numbers }).transform(({ order }) => order)]);
const FENCE = /^\s*```(?:json)?\s*|\s*```\s*$/g;

/**
 * Reads an answer: `{"order": [3, 1]}`, or the list alone, in a code fence or with words around it. A number that no passage has is
 * dropped, one that comes again counts where it first stood, and passages that it leaves out follow in the order they came in.
 * @param count passages asked about; they were numbered from 1
 * @returns each index from 0 once; nothing if the answer is not of the agreed form or names none of the passages by their numbers
 */
export function parseRerankAnswer(content: string, count: number): number[] | undefined {
  const list = answer.safeParse(jsonIn(content.replace(FENCE, ''))).data;
  if (list === undefined) return undefined;
  const named = list.map(indexOf).filter((index) => Number.isInteger(index) && index >= 0 && index < count);
  if (named.length === 0 && list.length > 0) return undefined;
  return [...new Set([...named, ...Array.from({ length: count }, (_, i) => i)])];
}

/** Servers without a schema give numbers as text, or in brackets. */
function indexOf(given: unknown): number {
  if (typeof given === 'number') return given - 1;
  return typeof given === 'string' ? Number(/^\s*\[?(\d{1,6})\]?\s*$/.exec(given)?.[1]) - 1 : Number.NaN;
}

/** The text as JSON; else the part of it from the first opening bracket to the last closing one. */
function jsonIn(content: string): unknown {
  const from = content.search(/[[{]/);
  const to = Math.max(content.lastIndexOf(']'), content.lastIndexOf('}'));
  return parsed(content) ?? parsed(content.slice(Math.max(from, 0), to + 1));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
