import { z } from 'zod';
import { cleanJson } from '../../parsers/json-record.ts';
import type { JsonValue } from '../../../storage/storage.types.ts';

export type Triple = readonly [subject: string, predicate: string, object: string];

/** What someone else extracted from one document. */
export interface GivenExtraction {
  readonly passage: string;
  readonly entities: readonly string[];
  readonly triples: readonly Triple[];
  /** Other names of an entity, by its name. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** What had to be left out, and why. */
  readonly faults: readonly string[];
}

const schema = z.object({
  passage: z.union([z.string().min(1), z.number()]).transform(String),
  entities: z.array(z.unknown()).default([]),
  triples: z.array(z.unknown()).default([]),
  aliases: z.record(z.string(), z.array(z.unknown())).optional().catch(undefined),
});

const MAX_NAME = 500;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= MAX_NAME;
}

/** What is wrong with a triple; nothing if it is one. */
function faultOf(triple: unknown): string | undefined {
  if (!Array.isArray(triple)) return 'it is no list';
  if (triple.length !== 3) return `it has ${String(triple.length)} parts instead of 3`;
  return triple.every((part) => isName(part)) ? undefined : 'its parts are not three texts of 1 to 500 characters';
}

function onlyNames(aliases: Readonly<Record<string, readonly unknown[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(aliases).map(([name, list]) => [name, list.filter((alias) => isName(alias))]));
}

/** Reads a line of a file of extractions; gives the reason when it is none. */
export function parseExtractionLine(line: string): GivenExtraction | string {
  let value: unknown;
  try {
    value = cleanJson(JSON.parse(line) as JsonValue);
  } catch {
    return 'it is not JSON';
  }
  const result = schema.safeParse(value);
  if (!result.success) return 'it is no {passage, entities, triples}';
  const { passage, entities, triples, aliases } = result.data;
  const faults = triples.flatMap((triple) => {
    const fault = faultOf(triple);
    return fault === undefined ? [] : [`triple ${JSON.stringify(triple).slice(0, 120)} of passage "${passage.slice(0, 60)}" is left out: ${fault}`];
  });
  const named = entities.filter((entity) => isName(entity));
  if (named.length < entities.length) faults.push(`${String(entities.length - named.length)} entities of passage "${passage.slice(0, 60)}" are no names`);
  const kept = triples.filter((triple) => faultOf(triple) === undefined) as unknown as Triple[];
  return { passage, entities: named, triples: kept, ...(aliases === undefined ? {} : { aliases: onlyNames(aliases) }), faults };
}
