import { Inject, Injectable } from '@nestjs/common';
import { sentenceTexts } from '../../common/text/analysis.ts';
import { INGESTION_CONFIG, type IngestionConfig } from '../../config/ingestion.config.ts';
import { EmbeddingService } from '../../embedding/embedding.service.ts';
import type { EmbeddingSpace, StagedChunk } from '../../graph/graph.types.ts';
import type { Chunk } from '../chunking/chunk.types.ts';
import type { IngestRun } from './ingest-run.ts';
import type { NumberedChunk } from './open-document.ts';
import { wantsSentenceVectors } from './sentence-rule.ts';

/** Vectors of one chunk, as they are staged. */
export type ChunkVectors = Pick<StagedChunk, 'vector' | 'sentenceVectors'>;

/** What is embedded: a chunk, whatever stands around it. */
export interface Embeddable {
  readonly chunk: Pick<Chunk, 'title' | 'text' | 'blocks'>;
}

/** What an embedding is made for. */
export type EmbeddingRun = Pick<IngestRun, 'workspace' | 'signal'> & { readonly reporter: Pick<IngestRun['reporter'], 'countModelCall'> };

/** Chunks with their vectors, in order, and what these were made with; nothing where vectors say nothing about meaning. */
export interface EmbeddedChunks<T extends Embeddable = NumberedChunk> {
  readonly chunks: readonly T[];
  readonly vectors: readonly ChunkVectors[];
  readonly space?: EmbeddingSpace;
}

interface Texts<T> {
  readonly numbered: T;
  /** The passage, then those of its sentences that get a vector. */
  readonly texts: readonly string[];
}

/** Texts that are embedded before their chunks are staged: what is held in memory at once. */
const TEXTS_AT_ONCE = 4000;

/** Embeds passages as `title. text`, and sentences, where they are worth it, as `title: sentence`. */
@Injectable()
export class PassageVectors {
  constructor(
    private readonly embedding: EmbeddingService,
    @Inject(INGESTION_CONFIG) private readonly config: IngestionConfig,
  ) {}

  /** Whether vectors are made at all: what is not semantic never enters relevance, so no passage needs it. */
  get wanted(): boolean {
    return this.embedding.describe().semantic;
  }

  /** All the chunks, in parts of bounded size. */
  async *of<T extends Embeddable>(run: EmbeddingRun, chunks: readonly T[]): AsyncGenerator<EmbeddedChunks<T>> {
    if (!this.wanted) {
      if (chunks.length > 0) yield { chunks, vectors: chunks.map(() => ({})) };
      return;
    }
    let part: Texts<T>[] = [];
    let count = 0;
    for (const numbered of chunks) {
      const texts = this.textsOf(numbered.chunk);
      if (part.length > 0 && count + texts.length > TEXTS_AT_ONCE) {
        yield await this.#embed(run, part);
        part = [];
        count = 0;
      }
      part.push({ numbered, texts });
      count += texts.length;
    }
    if (part.length > 0) yield await this.#embed(run, part);
  }

  /** What is embedded of a chunk. */
  textsOf({ title, text, blocks }: Embeddable['chunk']): string[] {
    const passage = title === '' ? text : `${title}. ${text}`;
    if (this.config.sentenceVectors === 'off') return [passage];
    const sentences = sentenceTexts(text, blocks);
    if (!wantsSentenceVectors(this.config.sentenceVectors, sentences.length)) return [passage];
    return [passage, ...sentences.map((sentence) => (title === '' ? sentence : `${title}: ${sentence}`))];
  }

  async #embed<T extends Embeddable>(run: EmbeddingRun, part: readonly Texts<T>[]): Promise<EmbeddedChunks<T>> {
    const embedded = await this.embedding.embed(
      part.flatMap(({ texts }) => texts),
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
    let at = 0;
    const vectors = part.map(({ texts }) => {
      at += texts.length;
      return vectorsOf(embedded.slice(at - texts.length, at));
    });
    const { modelId, semantic } = this.embedding.describe();
    return { chunks: part.map(({ numbered }) => numbered), vectors, space: { modelId, dimensions: embedded[0]?.length ?? 0, semantic } };
  }
}

function vectorsOf([vector, ...sentences]: readonly Float32Array[]): ChunkVectors {
  if (vector === undefined) return {};
  if (sentences.length === 0) return { vector };
  const sentenceVectors = new Float32Array(sentences.length * vector.length);
  for (const [i, sentence] of sentences.entries()) sentenceVectors.set(sentence, i * vector.length);
  return { vector, sentenceVectors };
}
