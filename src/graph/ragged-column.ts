import type { RaggedColumn } from './retrieval-columns.types.ts';

/** The ragged column of a list of lists. */
export function ragged(lists: readonly ArrayLike<number>[]): RaggedColumn {
  const offsets = new Int32Array(lists.length + 1);
  let end = 0;
  let row = 0;
  for (const list of lists) {
    end += list.length;
    row += 1;
    offsets[row] = end;
  }
  const values = new Int32Array(end);
  let at = 0;
  for (const list of lists) {
    // Most lists are short: setting them one by one costs less than a call a list.
    for (let i = 0; i < list.length; i += 1) values[at + i] = list[i] ?? 0;
    at += list.length;
  }
  return { offsets, values };
}
