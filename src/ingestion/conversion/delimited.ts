import { Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { IngestionError } from '../ingestion.errors.ts';
import type { ReadBlock } from './conversion.types.ts';
import { headersOf, rowText } from './row-text.ts';

/** A row longer than this, in characters, is none: most likely a quote was never closed. */
const MAX_ROW = 1_000_000;

/** A row of a table, with the place where it begins. */
export interface DelimitedRow {
  readonly cells: readonly string[];
  /** Row, from 1, empty ones left out; with the header as the first. */
  readonly number: number;
}

/**
 * The rows of CSV (RFC 4180, read generously: rows may have more or fewer cells than others) or of other separators; memory does not
 * grow with their number.
 * @throws IngestionError `document-malformed` with the line
 */
export async function* readRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<DelimitedRow> {
  const parser = parse({ bom: true, delimiter, info: true, relaxColumnCount: true, relaxQuotes: true, skipEmptyLines: true, maxRecordSize: MAX_ROW });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    let number = 0;
    for await (const { record } of parser as AsyncIterable<{ readonly record: readonly string[]; readonly info: Info }>) {
      number += 1;
      yield { cells: record, number };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new IngestionError('document-malformed', `It is no table that can be read: ${error.message.slice(0, 300)}.`, {
      remedy: 'Close every quote, and write a quote within quotes twice.',
      cause: error,
    });
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** Rows as blocks, each value under the name of its column. */
export async function* readDelimited(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<ReadBlock> {
  let headers: string[] | undefined;
  for await (const { cells, number } of readRows(text, delimiter)) {
    if (number === 1) headers = headersOf(cells.map((cell) => cell.trim()));
    const line = number === 1 && headers !== undefined ? headers.filter((name) => name !== '').join(' | ') : rowText(headers, cells);
    if (line !== '') yield { kind: 'table', text: line, row: number };
  }
}
