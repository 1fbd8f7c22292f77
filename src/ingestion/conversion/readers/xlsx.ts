import { read, utils, type WorkSheet } from '@e965/xlsx';
import type { ConversionLimits, ReadBlock, ReadFacts } from '../conversion.types.ts';
import { ReadFault } from '../read-fault.ts';
import { headersOf, rowText } from '../row-text.ts';
import { bounded } from './archive.ts';

/** Workbooks sheet by sheet: the name as a heading, then a row a line, each value under the name of its column. */
export async function* readXlsx(bytes: Uint8Array, limits: ConversionLimits): AsyncGenerator<ReadBlock, ReadFacts> {
  const book = read(bounded(bytes, limits).archive, { type: 'array', dense: true, cellFormula: false, cellHTML: false, cellStyles: false, bookVBA: false, cellDates: true });
  let found = 0;
  for (const [index, name] of book.SheetNames.entries()) {
    const sheet = book.Sheets[name];
    if (sheet === undefined) continue;
    const rows = [...rowsOf(sheet)];
    if (rows.length === 0) continue;
    yield { kind: 'heading', text: name, level: 1, page: index + 1 };
    for (const block of rows) {
      found += 1;
      yield { ...block, page: index + 1 };
    }
    await Promise.resolve();
  }
  if (found === 0) throw new ReadFault('document-no-text', 'There is nothing in its cells.');
  return {};
}

function* rowsOf(sheet: WorkSheet): Generator<ReadBlock> {
  const from = utils.decode_range(sheet['!ref'] ?? 'A1').s.r + 1;
  const rows = utils
    .sheet_to_json<unknown[]>(sheet, { header: 1, raw: false, defval: '', blankrows: true })
    .map((row, i) => ({ row: from + i, cells: row.map(cellText) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const [first, ...others] = rows;
  if (first === undefined) return;
  const headers = headersOf(first.cells);
  yield { kind: 'table', row: first.row, text: headers === undefined ? rowText(undefined, first.cells) : headers.filter((name) => name !== '').join(' | ') };
  for (const { row, cells } of others) yield { kind: 'table', row, text: rowText(headers, cells) };
}

function cellText(cell: unknown): string {
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell).trim() : '';
}
