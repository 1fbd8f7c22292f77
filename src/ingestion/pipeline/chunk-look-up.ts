import { Injectable } from '@nestjs/common';
import { DocumentWriter } from '../../graph/document-writer.port.ts';
import type { Extraction } from '../../graph/graph.types.ts';
import { ExtractionJournal } from '../extraction-journal.service.ts';
import { chunksTogether } from '../extractor.port.ts';
import { chunksAmong, type DocumentEnd, isEnd } from './cut-documents.ts';
import type { IngestRun } from './ingest-run.ts';
import { type NumberedChunk, type OpenDocument, toExtract } from './open-document.ts';
import { groupParts } from './part-groups.ts';

/** A chunk, and what is known of it. */
export interface LookedUpChunk {
  readonly numbered: NumberedChunk;
  /** `kept`: the store has it, and keeps it as it is; `answered`: it was extracted from before; `new`: it has yet to be. */
  readonly state: 'kept' | 'answered' | 'new';
  readonly extraction?: Extraction;
  /** Under which its extraction is journaled, if it costs something. */
  readonly journalKey?: string | undefined;
}

/** Opens generations, and finds out what need not be done again. */
@Injectable()
export class ChunkLookUp {
  constructor(
    private readonly writer: DocumentWriter,
    private readonly journal: ExtractionJournal,
  ) {}

  /** @param opened gets every document whose generation was opened */
  async *of(run: IngestRun, parts: AsyncIterable<NumberedChunk | DocumentEnd>, opened: Set<OpenDocument>): AsyncGenerator<LookedUpChunk | DocumentEnd> {
    for await (const group of groupParts<NumberedChunk>(parts, chunksTogether(run.extractor.pace))) yield* await this.#group(run, group, opened);
  }

  async #group(run: IngestRun, group: readonly (NumberedChunk | DocumentEnd)[], opened: Set<OpenDocument>): Promise<(LookedUpChunk | DocumentEnd)[]> {
    const chunks = chunksAmong(group);
    await this.#begin(run, [...new Set(chunks.map(({ document }) => document))], opened);
    const known = await this.#known(run, chunks.filter(({ document }) => document.prepared.trustKnown));
    const asked = chunks.filter(({ id, document }) => !known.has(id) && document.generation?.state === 'open');
    const keys = new Map(asked.map((chunk) => [chunk, givenOf(chunk) === undefined ? run.extractor.journalKeyOf(toExtract(chunk)) : undefined]));
    const answered = await this.journal.find(run.workspace, [...keys.values()].filter((key) => key !== undefined));
    return group.map((part) => {
      if (isEnd(part)) return part;
      if (known.has(part.id) || part.document.generation?.state !== 'open') return { numbered: part, state: 'kept' };
      return lookedUp(part, keys.get(part), answered);
    });
  }

  async #begin(run: IngestRun, documents: readonly OpenDocument[], opened: Set<OpenDocument>): Promise<void> {
    const fresh = documents.filter((document) => document.generation === undefined);
    if (fresh.length === 0) return;
    const generations = await this.writer.begin(run.workspace, fresh.map((document) => document.prepared.input));
    for (const [i, document] of fresh.entries()) {
      document.generation = generations[i];
      opened.add(document);
    }
  }

  async #known(run: IngestRun, chunks: readonly NumberedChunk[]): Promise<ReadonlySet<string>> {
    if (chunks.length === 0) return new Set();
    return await this.writer.known(run.workspace, chunks.map(({ id }) => id));
  }
}

function lookedUp(numbered: NumberedChunk, journalKey: string | undefined, answered: ReadonlyMap<string, Extraction>): LookedUpChunk {
  if (journalKey !== undefined) numbered.document.journalKeys.push(journalKey);
  const extraction = givenOf(numbered) ?? answered.get(journalKey ?? '');
  return extraction === undefined ? { numbered, state: 'new', journalKey } : { numbered, state: 'answered', extraction, journalKey };
}

/** What came with the document, for its first chunk; the others have nothing. */
function givenOf({ document, ordinal }: NumberedChunk): Extraction | undefined {
  const { extraction } = document.prepared;
  if (extraction === undefined || ordinal === 0) return extraction;
  return { entities: [], relations: [] };
}
