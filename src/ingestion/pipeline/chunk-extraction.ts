import { poolOf } from '../../common/concurrency/worker-pool.ts';
import type { Extraction } from '../../graph/graph.types.ts';
import type { ExtractionJournal } from '../extraction-journal.service.ts';
import type { ExtractionContext } from '../extractor.port.ts';
import type { LookedUpChunk } from './chunk-look-up.ts';
import { chunksAmong, type DocumentEnd, isEnd } from './cut-documents.ts';
import type { IngestRun } from './ingest-run.ts';
import { type NumberedChunk, toExtract } from './open-document.ts';
import { groupParts } from './part-groups.ts';

/** A chunk with what was found in it; nothing for one that the store keeps as it is. */
export interface ExtractedChunk {
  readonly numbered: NumberedChunk;
  readonly extraction?: Extraction | undefined;
  readonly kept: boolean;
}

type Part = LookedUpChunk | DocumentEnd;

/** Extracts from chunks, a few a call across documents, several calls at once; what comes out is in the order of what goes in. */
export class ChunkExtraction {
  readonly #journal: ExtractionJournal;

  constructor(journal: ExtractionJournal) {
    this.#journal = journal;
  }

  async *of(run: IngestRun, parts: AsyncIterable<Part>): AsyncGenerator<ExtractedChunk | DocumentEnd> {
    const { chunksPerCall, workers } = run.extractor.pace;
    const toBeAsked = groupParts<LookedUpChunk>(parts, chunksPerCall, ({ state }) => state === 'new');
    const batches = poolOf(toBeAsked, (batch, signal) => this.#extract(run, batch, signal), {
      workers,
      order: 'input',
      signal: run.signal,
    });
    for await (const outcome of batches) {
      if (!outcome.ok) throw outcome.error;
      yield* outcome.value;
    }
  }

  async #extract(run: IngestRun, batch: readonly Part[], signal: AbortSignal): Promise<(ExtractedChunk | DocumentEnd)[]> {
    const fresh = chunksAmong(batch).filter(({ state }) => state === 'new');
    const found = fresh.length === 0 ? [] : await this.#ask(run, fresh, signal);
    const extractions = new Map(fresh.map(({ numbered }, i) => [numbered, found[i]]));
    return batch.map((part) => {
      if (isEnd(part)) return part;
      const { numbered, state, extraction } = part;
      return { numbered, kept: state === 'kept', extraction: extraction ?? extractions.get(numbered) };
    });
  }

  async #ask(run: IngestRun, fresh: readonly LookedUpChunk[], signal: AbortSignal): Promise<Extraction[]> {
    const chunks = fresh.map(({ numbered }) => toExtract(numbered));
    const standIns = new Set<number>();
    const context: ExtractionContext = {
      workspaceUid: run.workspace.uid,
      signal,
      warn: (message) => { run.reporter.warn(message); },
      countModelCall: () => { run.reporter.countModelCall(); },
      keep: async (answered) => {
        const entries = [...answered].flatMap(([at, extraction]) => {
          const key = fresh[at]?.journalKey;
          return key === undefined ? [] : [{ key, extraction }];
        });
        await this.#journal.keep(run.workspace, entries);
      },
      standIn: (at) => { standIns.add(at); },
    };
    const extractions = await run.extractor.extract(chunks, context);
    for (const at of standIns) {
      const document = fresh[at]?.numbered.document;
      if (document !== undefined) document.standIns += 1;
    }
    return extractions;
  }
}
