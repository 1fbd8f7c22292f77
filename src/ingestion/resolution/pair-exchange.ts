import { z } from 'zod';
import type { Known, Pair } from './resolution.types.ts';
import type { Surroundings } from './surroundings.ts';

/** The JSON schema of an answer, as model servers want it. */
export const PAIRS_SCHEMA = {
  name: 'resolve',
  schema: {
    type: 'object',
    properties: {
      pairs: {
        type: 'array',
        items: { type: 'object', properties: { number: { type: 'integer' }, same: { type: 'boolean' } }, required: ['number', 'same'], additionalProperties: false },
      },
    },
    required: ['pairs'],
    additionalProperties: false,
  },
} as const;

/** Names beside an entity that the model is told. */
const BESIDE = 8;
const DESCRIPTION_LENGTH = 300;
const FENCE = /^\s*```(?:json)?\s*|\s*```\s*$/g;

const answer = z.object({ pairs: z.array(z.object({ number: z.number(), same: z.boolean() })) });

/** What the model is asked of a pair. It depends on what is told of the two, not on where they stand. */
export function pairQuestion({ first, second }: Pair, entities: readonly Known[], surroundings: Surroundings): Readonly<Record<string, unknown>> {
  return { first: told(entities[first], surroundings.names(first, BESIDE)), second: told(entities[second], surroundings.names(second, BESIDE)) };
}

function told(entity: Known | undefined, beside: readonly string[]): Readonly<Record<string, unknown>> {
  if (entity === undefined) return {};
  const { name, type, sense, aliases, description } = entity;
  return { name: sense === '' ? name : `${name} (${sense})`, type, aliases, description: description.slice(0, DESCRIPTION_LENGTH), beside };
}

/**
 * Reads an answer, in a code fence or alone; pairs were numbered from 1.
 * @returns for each pair that it names whether the two are one; nothing if it is not of the agreed form
 */
export function parsePairsAnswer(content: string, count: number): Map<number, boolean> | undefined {
  let json: unknown;
  try {
    json = JSON.parse(content.replace(FENCE, ''));
  } catch {
    return undefined;
  }
  const found = answer.safeParse(json).data;
  return found && new Map(found.pairs.filter(({ number }) => Number.isInteger(number) && number >= 1 && number <= count).map(({ number, same }) => [number - 1, same]));
}
