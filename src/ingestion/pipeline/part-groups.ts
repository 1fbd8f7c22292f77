import { type DocumentEnd, isEnd } from './cut-documents.ts';

/** Parts of a group at most, ends of documents among them. */
const MAX_PARTS = 1000;

/**
 * Parts in order, in groups of `size` chunks with the ends that stand right behind them, so that no end waits for the chunks of a later
 * group. `counts` tells which chunks a group is to have so many of; left out, all of them.
 */
export async function* groupParts<T extends object>(
  parts: AsyncIterable<T | DocumentEnd>,
  size: number,
  counts: (chunk: T) => boolean = () => true,
): AsyncGenerator<(T | DocumentEnd)[]> {
  let group: (T | DocumentEnd)[] = [];
  let chunks = 0;
  for await (const part of parts) {
    const isChunk = !isEnd(part);
    if (group.length >= MAX_PARTS || (isChunk && chunks >= size)) {
      yield group;
      group = [];
      chunks = 0;
    }
    group.push(part);
    if (isChunk) chunks += Number(counts(part));
  }
  if (group.length > 0) yield group;
}
