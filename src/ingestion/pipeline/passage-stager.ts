import { Injectable } from '@nestjs/common';
import { DocumentWriter, type StagedBatch } from '../../graph/document-writer.port.ts';
import type { Extraction, Generation, StagedChunk } from '../../graph/graph.types.ts';
import type { IngestRun } from './ingest-run.ts';
import { contentOf, type NumberedChunk, staysAs, toExtract } from './open-document.ts';
import { type ChunkVectors, PassageVectors } from './passage-vectors.ts';

/** Extracts from chunks, embeds them and stages them; what the store knows keeps its content. */
@Injectable()
export class PassageStager {
  constructor(
    private readonly writer: DocumentWriter,
    private readonly vectors: PassageVectors,
  ) {}

  /** @param chunks of documents whose generations are open */
  async stage(run: IngestRun, chunks: readonly NumberedChunk[]): Promise<void> {
    const known = await this.#known(run, chunks);
    const fresh = chunks.filter((chunk) => !known.has(chunk.id));
    const extractions = await run.extractor.extract(fresh.map(toExtract), {
      workspaceUid: run.workspace.uid,
      warn: (message) => { run.reporter.warn(message); },
      countModelCall: () => { run.reporter.countModelCall(); },
      ...(run.signal === undefined ? {} : { signal: run.signal }),
    });
    const extracted = new Map(fresh.map((chunk, i) => [chunk, extractions[i]]));
    const staying = chunks.filter((chunk) => known.has(chunk.id)).map((chunk) => ({ chunk, row: staysAs(chunk) }));
    if (staying.length > 0) await this.writer.writeBatch(run.workspace, byGeneration(staying));
    for await (const part of this.vectors.of(run, fresh)) {
      const rows = part.chunks.map((chunk, i) => ({ chunk, row: staged(chunk, extracted.get(chunk), part.vectors[i]) }));
      await this.writer.writeBatch(run.workspace, byGeneration(rows), part.space);
    }
  }

  async #known(run: IngestRun, chunks: readonly NumberedChunk[]): Promise<ReadonlySet<string>> {
    const trusted = chunks.filter(({ document }) => document.prepared.trustKnown);
    if (trusted.length === 0) return new Set();
    return await this.writer.known(
      run.workspace,
      trusted.map((chunk) => chunk.id),
    );
  }
}

function staged(chunk: NumberedChunk, extraction: Extraction | undefined, vectors: ChunkVectors | undefined): StagedChunk {
  return {
    ...staysAs(chunk),
    content: contentOf(chunk),
    ...(extraction === undefined ? {} : { extraction }),
    ...vectors,
  };
}

function byGeneration(rows: readonly { readonly chunk: NumberedChunk; readonly row: StagedChunk }[]): StagedBatch[] {
  const batches = new Map<Generation, StagedChunk[]>();
  for (const { chunk, row } of rows) {
    const { generation } = chunk.document;
    if (generation === undefined) continue;
    const batch = batches.get(generation);
    if (batch === undefined) batches.set(generation, [row]);
    else batch.push(row);
  }
  return [...batches].map(([generation, chunks]) => ({ generation, chunks }));
}
