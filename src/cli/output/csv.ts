/** A row, by column. */
export type CsvRow = Readonly<Record<string, string | number>>;

/** Rows as comma-separated values under the names of their columns. */
export function toCsv(rows: readonly CsvRow[]): string {
  const columns = columnsOf(rows);
  const quote = (value: string | number): string => (/[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  const lines = rows.map((row) => columns.map((column) => quote(row[column] ?? '')).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** The columns of rows; one that a later row alone has comes last. */
export function columnsOf(rows: readonly CsvRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}
