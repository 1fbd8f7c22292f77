import { readRows } from '../conversion/delimited.ts';
import { headersOf } from '../conversion/row-text.ts';
import { IngestionError } from '../ingestion.errors.ts';
import type { TableRow } from './mapping.types.ts';

/** A JSON list is held in memory whole. */
const MAX_JSON_UNITS = 100_000_000;

/** Rows of separated values under the names of the first row. @throws IngestionError `document-malformed`, `mapping-invalid` without such names */
export async function* rowsOfTable(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<TableRow> {
  let headers: readonly string[] | undefined;
  for await (const { cells, number } of readRows(text, delimiter)) {
    if (headers === undefined) {
      headers = headersOf(cells.map((cell) => cell.trim()));
      if (headers === undefined) throw new IngestionError('mapping-invalid', 'The first row does not name the columns.', { remedy: 'Put a row with a distinct name for each column first.' });
      continue;
    }
    yield { number, fields: new Map(headers.map((name, i) => [name, cells[i] ?? ''])) };
  }
}

/** The objects of a JSON list, or of lines of JSON, by field; nested fields are named with dots. @throws IngestionError `document-malformed` */
export async function* rowsOfJson(text: AsyncIterable<string>): AsyncGenerator<TableRow> {
  let whole = '';
  for await (const part of text) {
    whole += part;
    if (whole.length > MAX_JSON_UNITS) throw new IngestionError('document-limit', `As JSON it is larger than ${String(MAX_JSON_UNITS / 1_000_000)} million characters.`, { remedy: 'Give a JSON object a line instead of one list.' });
  }
  let number = 0;
  for (const value of listIn(whole)) {
    number += 1;
    yield { number, fields: new Map(flat(value, '')) };
  }
}

function listIn(text: string): readonly unknown[] {
  const clean = text.replace(/^\ufeff/, '');
  if (/^\s*\[/.test(clean)) return parsed(clean, 1) as unknown[];
  return clean.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parsed(line, i + 1)]));
}

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new IngestionError('document-malformed', `Line ${String(line)} is not JSON.`, { remedy: 'Give a JSON list of objects, or one object a line.', cause: error });
  }
}

function* flat(value: unknown, path: string): Generator<[name: string, text: string]> {
  if (Array.isArray(value)) yield [path, value.map(plain).join(', ')];
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) yield* flat(inner, path === '' ? name : `${path}.${name}`);
  } else if (path !== '') yield [path, plain(value)];
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
