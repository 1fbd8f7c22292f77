import { Injectable } from '@nestjs/common';
import { EmbeddingService } from '../../embedding/embedding.service.ts';
import type { EmbeddingSpace } from '../../graph/graph.types.ts';
import type { IngestRun } from './ingest-run.ts';
import type { NumberedChunk } from './open-document.ts';

/** Vectors of chunks, in their order, and what they were made with; nothing where vectors say nothing about meaning. */
export interface ChunkVectors {
  readonly vectors?: readonly Float32Array[];
  readonly space?: EmbeddingSpace;
}

/** Embeds passages as `title. text`. */
@Injectable()
export class PassageVectors {
  constructor(private readonly embedding: EmbeddingService) {}

  async of(run: IngestRun, chunks: readonly NumberedChunk[]): Promise<ChunkVectors> {
    const { semantic } = this.embedding.describe();
    // What is not semantic never enters relevance, so no passage needs it.
    if (!semantic || chunks.length === 0) return {};
    const vectors = await this.embedding.embed(
      chunks.map(({ chunk }) => `${chunk.title}. ${chunk.text}`),
      {
        lane: 'bulk',
        workspaceUid: run.workspace.uid,
        operation: 'embed-passages',
        onCall: () => {
          run.reporter.countModelCall();
        },
        ...(run.signal === undefined ? {} : { signal: run.signal }),
      },
    );
    const dimensions = vectors[0]?.length ?? 0;
    return { vectors, space: { modelId: this.embedding.describe().modelId, dimensions, semantic } };
  }
}
