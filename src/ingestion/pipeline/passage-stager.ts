import { Injectable } from '@nestjs/common';
import { poolOf } from '../../common/concurrency/worker-pool.ts';
import { DocumentWriter, type StagedBatch } from '../../graph/document-writer.port.ts';
import type { Extraction, Generation, StagedChunk } from '../../graph/graph.types.ts';
import { chunksTogether } from '../extractor.port.ts';
import { ResolutionRecords } from '../resolution/resolution-records.ts';
import { type DocumentSenses, givenSenses, withSenses } from '../resolution/senses.ts';
import type { ExtractedChunk } from './chunk-extraction.ts';
import { chunksAmong, type DocumentEnd, isEnd } from './cut-documents.ts';
import type { IngestRun } from './ingest-run.ts';
import { contentOf, type NumberedChunk, type OpenDocument, staysAs } from './open-document.ts';
import { groupParts } from './part-groups.ts';
import { type ChunkVectors, type EmbeddedChunks, PassageVectors } from './passage-vectors.ts';

/** Groups that are embedded at once while one is written: enough that the embedder never waits for the store. */
const EMBEDDED_AT_ONCE = 2;

type Part = ExtractedChunk | DocumentEnd;
type Senses = ReadonlyMap<string, DocumentSenses>;

interface EmbeddedGroup {
  readonly parts: readonly Part[];
  readonly embedded: readonly EmbeddedChunks[];
}

/** What was staged in one go. */
export interface StagedGroup {
  readonly chunks: number;
  /** Documents whose last chunk was among it. */
  readonly ended: readonly OpenDocument[];
}

/** Embeds chunks and stages them, in order; what the store knows keeps its content. */
@Injectable()
export class PassageStager {
  constructor(
    private readonly writer: DocumentWriter,
    private readonly vectors: PassageVectors,
    private readonly resolved: ResolutionRecords,
  ) {}

  /** Stages all parts; tells after each group what it was. */
  async *of(run: IngestRun, parts: AsyncIterable<Part>): AsyncGenerator<StagedGroup> {
    const senses = await givenSenses(this.resolved, run.workspace);
    for await (const group of this.#embedded(run, groupParts<ExtractedChunk>(parts, chunksTogether(run.extractor.pace)))) {
      const chunks = chunksAmong(group.parts);
      await this.#write(run, chunks, { embedded: group.embedded, senses });
      yield { chunks: chunks.length, ended: group.parts.filter(isEnd).map(({ document }) => document) };
    }
  }

  async *#embedded(run: IngestRun, groups: AsyncGenerator<Part[]>): AsyncGenerator<EmbeddedGroup> {
    const embed = async (parts: readonly Part[]): Promise<EmbeddedGroup> => ({ parts, embedded: await Array.fromAsync(this.vectors.of(run, freshOf(parts))) });
    if (!this.vectors.wanted) {
      for await (const parts of groups) yield await embed(parts);
      return;
    }
    for await (const outcome of poolOf(groups, embed, { workers: EMBEDDED_AT_ONCE, order: 'input', signal: run.signal })) {
      if (!outcome.ok) throw outcome.error;
      yield outcome.value;
    }
  }

  async #write(run: IngestRun, chunks: readonly ExtractedChunk[], { embedded, senses }: Pick<EmbeddedGroup, 'embedded'> & { readonly senses: Senses }): Promise<void> {
    const kept = chunks.filter((chunk) => chunk.kept && isWanted(chunk.numbered)).map(({ numbered }) => ({ chunk: numbered, row: staysAs(numbered) }));
    if (kept.length > 0) await this.writer.writeBatch(run.workspace, byGeneration(kept));
    const extractions = new Map(chunks.map(({ numbered, extraction }) => [numbered, extraction && sensed(numbered, extraction, senses)]));
    for (const part of embedded) {
      const rows = part.chunks
        .map((chunk, i) => ({ chunk, row: staged(chunk, extractions.get(chunk), part.vectors[i]) }))
        .filter(({ chunk }) => isWanted(chunk));
      if (rows.length > 0) await this.writer.writeBatch(run.workspace, byGeneration(rows), part.space);
    }
  }
}

function isWanted({ document }: NumberedChunk): boolean {
  return document.fault === undefined && document.generation?.state === 'open';
}

function freshOf(parts: readonly Part[]): NumberedChunk[] {
  return parts.flatMap((part) => (isEnd(part) || part.kept || !isWanted(part.numbered) ? [] : [part.numbered]));
}

function sensed({ document }: NumberedChunk, extraction: Extraction, senses: Senses): Extraction {
  return withSenses(document.prepared.input.title, extraction, senses.get(document.id));
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
