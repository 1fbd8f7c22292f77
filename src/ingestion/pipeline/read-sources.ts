import type { Source } from '../ingestion.types.ts';
import type { IngestRun } from './ingest-run.ts';
import { lookAhead } from './look-ahead.ts';
import type { PreparedDocument } from './prepared-document.types.ts';
import type { SourceReader } from './source-reader.ts';

/** The new and changed documents of sources, one source after the other. */
export async function* readSources(run: IngestRun, reader: SourceReader, sources: AsyncIterable<Source> | Iterable<Source>): AsyncGenerator<PreparedDocument> {
  for await (const source of lookAhead(run, sources)) {
    run.signal?.throwIfAborted();
    yield* reader.read(run, source);
    await run.breathe();
  }
}
