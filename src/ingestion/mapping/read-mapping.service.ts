import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { describeError } from '../../common/errors/describe-error.ts';
import { IngestionError } from '../ingestion.errors.ts';
import type { Mapping } from './mapping.types.ts';

const column = z.string().min(1);
const columns = z.union([column.transform((one) => [one]), z.array(column)]);

const schema = z.strictObject({
  id: column.optional(),
  title: column.optional(),
  text: columns.optional(),
  metadata: columns.optional(),
  entities: z.array(z.strictObject({ column, type: z.string().min(1).max(100), description: column.optional(), aliases: columns.optional() })).default([]),
  relations: z.array(z.strictObject({ source: column, type: z.string().min(1).max(200), target: column, description: column.optional() })).default([]),
});

/** @throws IngestionError `source-not-found`, `mapping-invalid` with what is wrong and where */
export async function readMapping(path: string): Promise<Mapping> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new IngestionError('source-not-found', `The mapping "${path}" cannot be read: ${describeError(error)}`, { cause: error });
  }
  return parseMapping(text);
}

/** @throws IngestionError `mapping-invalid` */
export function parseMapping(text: string): Mapping {
  const result = schema.safeParse(parsed(text));
  if (!result.success) throw invalid(result.error.issues.slice(0, 3).map(({ path, message }) => `"${path.join('.')}": ${message}`).join('; '));
  const { relations, entities } = result.data;
  const named = new Set(entities.map((entity) => entity.column));
  const loose = relations.flatMap(({ source, target }) => [source, target]).find((end) => !named.has(end));
  if (loose !== undefined) throw invalid(`a relation joins "${loose}", which is none of its entities`);
  return result.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw invalid(`it is not JSON (${describeError(error)})`);
  }
}

function invalid(reason: string): IngestionError {
  return new IngestionError('mapping-invalid', `The mapping cannot be used: ${reason}.`, {
    remedy: 'Let `ingest <file> --propose-mapping` write one, and edit that.',
  });
}
