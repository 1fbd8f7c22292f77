import type { IngestRun } from './ingest-run.ts';
import { type NumberedChunk, OpenDocument } from './open-document.ts';
import type { PreparedDocument } from './prepared-document.types.ts';
import { emptySource } from './source-bytes.ts';
import { isOwnFault } from './source-reader.ts';

/** Stands behind the last chunk of a document, or where its own fault ended it. */
export interface DocumentEnd {
  readonly document: OpenDocument;
  readonly end: true;
}

export function isEnd(part: object): part is DocumentEnd {
  return 'end' in part;
}

/** The parts that are chunks. */
export function chunksAmong<T extends object>(parts: readonly (T | DocumentEnd)[]): T[] {
  return parts.filter((part): part is T => !isEnd(part));
}

/** The chunks of documents, one document after the other, each followed by its end. A document's own fault is kept with it. */
export async function* cutDocuments(run: IngestRun, documents: AsyncIterable<PreparedDocument> | Iterable<PreparedDocument>): AsyncGenerator<NumberedChunk | DocumentEnd> {
  for await (const prepared of documents) {
    const document = new OpenDocument(prepared, run.workspace.uid);
    try {
      yield* chunksOf(run, document);
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      document.fault = error;
    }
    yield { document, end: true };
    if (run.chunksLeft > 0) continue;
    run.reporter.warn('The ingestion ended after as many chunks as it was to take; what comes behind them was not read.');
    return;
  }
}

async function* chunksOf(run: IngestRun, document: OpenDocument): AsyncGenerator<NumberedChunk> {
  // A chunk is held back until it is known whether another one follows: then a document with one chunk is known to have only that.
  let held: NumberedChunk | undefined;
  for await (const chunk of document.prepared.chunks()) {
    document.cutOff = run.chunksLeft === 0;
    if (document.cutOff) break;
    run.chunksLeft -= 1;
    const next = document.number(chunk);
    await run.breathe();
    if (held !== undefined) yield held;
    held = next;
  }
  if (held === undefined) throw emptySource();
  document.complete = true;
  yield held;
}
