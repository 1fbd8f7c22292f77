import { stat } from 'node:fs/promises';
import type { Source } from '../ingestion.types.ts';
import type { IngestRun } from './ingest-run.ts';

/** So many sources are looked for before the first is read, so that the total is known early. */
const MAX_AHEAD = 10_000;

async function sizeOf(source: Source): Promise<number> {
  if (source.kind !== 'file') return 0;
  // What is wrong with the file is told when it is read.
  return await stat(source.path).then(
    (about) => about.size,
    () => 0,
  );
}

/** Sources in their order; files are measured some way ahead of the reading, all else comes when asked for. */
export async function* lookAhead(run: IngestRun, sources: AsyncIterable<Source> | Iterable<Source>): AsyncGenerator<Source> {
  let ahead: Source[] = [];
  for await (const source of sources) {
    run.signal?.throwIfAborted();
    run.progress.expect(await sizeOf(source));
    ahead.push(source);
    // Bare text lies in memory, and a stream may need to be read before the next one comes.
    if (source.kind === 'file' && ahead.length < MAX_AHEAD) continue;
    yield* ahead;
    ahead = [];
  }
  yield* ahead;
}
