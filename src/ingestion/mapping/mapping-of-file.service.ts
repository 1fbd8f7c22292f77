import { textFormatOf } from '../conversion/formats.ts';
import { decodeStream } from '../decoding/decode.ts';
import { IngestionError } from '../ingestion.errors.ts';
import { sampleOf } from '../parsers/choose-parser.ts';
import { MAX_BLOCK_UNITS } from '../document-parser.port.ts';
import type { Mapping } from './mapping.types.ts';
import { proposeMapping } from './propose-mapping.ts';
import { rowsOfJson, rowsOfTable } from './table-rows.ts';

/**
 * A mapping to begin with, by the first rows of a file.
 * @throws IngestionError `document-format-unknown` when it is neither a table nor JSON, and as decoding and reading rows do
 */
export async function proposedMapping(bytes: AsyncIterable<Uint8Array>, name: string): Promise<Mapping> {
  const { text } = await decodeStream(bytes);
  const parts = text[Symbol.asyncIterator]();
  let head = '';
  while (head.length < MAX_BLOCK_UNITS) {
    const step = await parts.next();
    if (step.done === true) break;
    head += step.value;
  }
  const all = resumed(head, parts);
  const conversion = textFormatOf(sampleOf(head, name));
  if (conversion?.way === 'rows') return await proposeMapping(rowsOfTable(all, conversion.delimiter));
  if (/^\s*[[{]/.test(head)) return await proposeMapping(rowsOfJson(all));
  throw new IngestionError('document-format-unknown', `"${name}" is neither a table of separated values nor JSON.`, { remedy: 'A mapping is for CSV, TSV, a JSON list or lines of JSON.' });
}

async function* resumed(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield head;
    for (let step = await rest.next(); step.done !== true; step = await rest.next()) yield step.value;
  } finally {
    await rest.return?.();
  }
}
