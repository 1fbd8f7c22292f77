import { z } from 'zod';
import type { Extraction, Metadata } from '../../graph/graph.types.ts';
import type { JsonValue } from '../../storage/storage.types.ts';
import { wellFormed } from '../decoding/decode.ts';
import { IngestionError } from '../ingestion.errors.ts';

/** A document out of a list of records. */
export interface JsonRecord {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly metadata: Metadata;
  /** What its sender knows of entities and relations in it. */
  readonly extraction?: Extraction;
  /** Row of a table that it was. */
  readonly rows?: readonly [number, number];
}

const NOT_EMPTY = 'must not be empty';

const schema = z.object({
  id: z.union([z.string().trim().min(1, NOT_EMPTY).max(1000), z.number()]).transform(String),
  title: z.string().max(10_000).nullish(),
  text: z.string(),
  metadata: z.record(z.string(), z.json()).nullish(),
});

/** Replaces what no text may hold in every string of a JSON value. */
export function cleanJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => cleanJson(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormed(key), cleanJson(item)]));
}

/**
 * Reads one line of a list of records.
 * @throws IngestionError `document-malformed`, `document-empty`
 */
export function parseRecord(line: string): JsonRecord {
  const result = schema.safeParse(parseJson(line));
  if (!result.success) {
    throw malformed(result.error.issues.slice(0, 3).map((issue) => `"${issue.path.join('.')}": ${issue.message}`).join('; '));
  }
  const { id, title, text, metadata } = result.data;
  if (text.trim() === '') throw new IngestionError('document-empty', 'The record has no text.', { remedy: 'Give it a text or leave it out.' });
  const name = wellFormed(id);
  return { id: name, title: titleOf(title, name), text: wellFormed(text), metadata: cleanJson(metadata ?? {}) as Metadata };
}

function titleOf(given: string | null | undefined, name: string): string {
  const title = wellFormed(given ?? '').trim();
  return title === '' ? name : title;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw malformed('it is not JSON', error);
  }
}

function malformed(reason: string, cause?: unknown): IngestionError {
  return new IngestionError('document-malformed', `The line is no record: ${reason}.`, {
    remedy: 'Each line is one JSON object {"id", "title", "text", "metadata"?}.',
    ...(cause === undefined ? {} : { cause }),
  });
}
