import { z } from 'zod';
import { normalForm } from '../../../common/text/words.ts';
import type { ExtractedEntity, Extraction } from '../../../graph/graph.types.ts';
import { wellFormed } from '../../decoding/decode.ts';

const text = z.string().transform((value) => wellFormed(value).trim());
// Aliases are not asked for; a model that gives some is taken at its word.
const aliases = z.array(text).max(20).optional().catch(undefined);
const entity = z.object({ name: text, type: text.default('other'), description: text.default(''), aliases });
const relation = z.object({ source: text, target: text, type: text, description: text.default('') });
const answer = z.object({
  chunks: z.array(z.object({ index: z.number().int(), entities: z.array(z.unknown()).default([]), relations: z.array(z.unknown()).default([]) })),
});

const item = (names: readonly string[]): Record<string, unknown> => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
  additionalProperties: false,
});

/** The JSON schema of an answer, as model servers want it. */
export const EXTRACTION_SCHEMA = {
  name: 'extraction',
  schema: {
    type: 'object',
    properties: {
      chunks: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            index: { type: 'integer' },
            entities: { type: 'array', items: item(['name', 'type', 'description']) },
            relations: { type: 'array', items: item(['source', 'target', 'type', 'description']) },
          },
          required: ['index', 'entities', 'relations'],
          additionalProperties: false,
        },
      },
    },
    required: ['chunks'],
    additionalProperties: false,
  },
} as const;

/** What an answer says, by index of the chunk. */
export type ModelAnswer = ReadonlyMap<number, Extraction>;

/** Reads an answer; what in it is no entity or relation is left out. Nothing if it is not of the agreed form. */
export function parseModelAnswer(content: string): ModelAnswer | undefined {
  const value = parseJson(content.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, ''));
  const result = answer.safeParse(value);
  if (!result.success) return undefined;
  return new Map(result.data.chunks.map((chunk) => [chunk.index, extractionOf(chunk.entities, chunk.relations)]));
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function entityOf({ name, type, description, aliases: others }: z.output<typeof entity>): ExtractedEntity {
  return { name, type: type.toLowerCase(), description, ...(others === undefined ? {} : { aliases: others }) };
}

function extractionOf(givenEntities: readonly unknown[], givenRelations: readonly unknown[]): Extraction {
  const entities = new Map<string, Extraction['entities'][number]>();
  for (const given of givenEntities) {
    const parsed = entity.safeParse(given).data;
    const norm = normalForm(parsed?.name ?? '');
    if (parsed !== undefined && norm !== '' && !entities.has(norm)) entities.set(norm, entityOf(parsed));
  }
  const nameOf = (name: string): string | undefined => entities.get(normalForm(name))?.name;
  const relations = givenRelations.flatMap((given) => {
    const parsed = relation.safeParse(given).data;
    if (parsed === undefined || parsed.type === '') return [];
    const [source, target] = [nameOf(parsed.source), nameOf(parsed.target)];
    return source === undefined || target === undefined ? [] : [{ ...parsed, source, target, type: parsed.type.toLowerCase() }];
  });
  return { givesNames: true, entities: [...entities.values()], relations };
}
