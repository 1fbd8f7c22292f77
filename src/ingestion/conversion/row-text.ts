/** A header is a row of short, distinct names, none of which is a number. */
const MAX_HEADER = 100;

/** The names of columns, if the first row of a table gives them. */
export function headersOf(cells: readonly string[]): string[] | undefined {
  const named = cells.filter((cell) => cell !== '');
  const looksLikeNames = named.every((cell) => cell.length <= MAX_HEADER && !/^[-+]?[\d.,\s%]+$/.test(cell) && !cell.includes('\n'));
  return named.length > 0 && looksLikeNames && new Set(named).size === named.length ? [...cells] : undefined;
}

/** A row as a line that can be understood without the ones above it: each value under the name of its column. Empty cells are left out. */
export function rowText(headers: readonly string[] | undefined, cells: readonly string[]): string {
  const parts = cells.flatMap((cell, i) => {
    const value = cell.replaceAll(/\s+/gu, ' ').trim();
    if (value === '') return [];
    const name = headers?.[i] ?? '';
    return [name === '' ? value : `${name}: ${value}`];
  });
  return parts.join('; ');
}
