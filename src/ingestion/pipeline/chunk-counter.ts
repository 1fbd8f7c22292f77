import { Injectable } from '@nestjs/common';
import { countTokens } from '../../common/text/tokens.ts';
import { EmbeddingService } from '../../embedding/embedding.service.ts';
import { DocumentWriter } from '../../graph/document-writer.port.ts';
import { ExtractionJournal } from '../extraction-journal.service.ts';
import { chunksTogether } from '../extractor.port.ts';
import type { Source } from '../ingestion.types.ts';
import { cutDocuments, type DocumentEnd, isEnd } from './cut-documents.ts';
import type { IngestRun } from './ingest-run.ts';
import { type NumberedChunk, toExtract } from './open-document.ts';
import { PassageVectors } from './passage-vectors.ts';
import { readSources } from './read-sources.ts';
import { SourceReader } from './source-reader.ts';

/** What there is to be done. */
export interface ChunkCensus {
  readonly documents: number;
  readonly failed: number;
  readonly chunks: number;
  /** Chunks that the store does not have. */
  readonly newChunks: number;
  /** Of these, those that a model has to be asked about, and the tokens of their titles and texts. */
  readonly chunksToAsk: number;
  readonly tokensToAsk: number;
  readonly embeddingCalls: number;
  readonly embeddingTokens: number;
}

type Tally = { -readonly [Key in keyof ChunkCensus]: number };

/** Counts what an ingestion would have to do; what it stores on the way it removes. */
@Injectable()
export class ChunkCounter {
  constructor(
    private readonly reader: SourceReader,
    private readonly writer: DocumentWriter,
    private readonly journal: ExtractionJournal,
    private readonly vectors: PassageVectors,
    private readonly embedding: EmbeddingService,
  ) {}

  async count(run: IngestRun, sources: AsyncIterable<Source> | Iterable<Source>): Promise<ChunkCensus> {
    const tally: Tally = { documents: 0, failed: 0, chunks: 0, newChunks: 0, chunksToAsk: 0, tokensToAsk: 0, embeddingCalls: 0, embeddingTokens: 0 };
    try {
      await this.journal.open(run.workspace);
      let group: NumberedChunk[] = [];
      for await (const part of cutDocuments(run, readSources(run, this.reader, sources))) {
        if (isEnd(part)) countDocument(part, tally);
        else group.push(part);
        if (group.length < chunksTogether(run.extractor.pace)) continue;
        await this.#group(run, group, tally);
        group = [];
      }
      if (group.length > 0) await this.#group(run, group, tally);
    } finally {
      await this.reader.forget(run);
    }
    tally.failed += run.reporter.result(0).totals.failed;
    return tally;
  }

  async #group(run: IngestRun, group: readonly NumberedChunk[], tally: Tally): Promise<void> {
    const trusted = group.filter(({ document }) => document.prepared.trustKnown);
    const known = trusted.length === 0 ? new Set<string>() : await this.writer.known(run.workspace, trusted.map(({ id }) => id));
    const fresh = group.filter(({ id }) => !known.has(id));
    tally.chunks += group.length;
    tally.newChunks += fresh.length;
    await this.#countQuestions(run, fresh, tally);
    this.#countVectors(fresh, tally);
    await run.breathe();
  }

  async #countQuestions(run: IngestRun, fresh: readonly NumberedChunk[], tally: Tally): Promise<void> {
    const keyed = fresh.flatMap((chunk) => {
      const key = run.extractor.journalKeyOf(toExtract(chunk));
      return key === undefined ? [] : [{ key, chunk }];
    });
    const answered = await this.journal.find(run.workspace, keyed.map(({ key }) => key));
    for (const { key, chunk } of keyed) {
      if (answered.has(key)) continue;
      tally.chunksToAsk += 1;
      tally.tokensToAsk += countTokens(JSON.stringify({ index: 0, title: chunk.chunk.title, text: chunk.chunk.text }));
    }
  }

  #countVectors(fresh: readonly NumberedChunk[], tally: Tally): void {
    if (!this.vectors.wanted) return;
    const batch = this.embedding.describe().maxBatch;
    const texts = new Set(fresh.flatMap(({ chunk }) => this.vectors.textsOf(chunk)));
    tally.embeddingCalls += Math.ceil(texts.size / batch);
    for (const text of texts) tally.embeddingTokens += countTokens(text);
  }
}

function countDocument({ document }: DocumentEnd, tally: Tally): void {
  if (document.fault === undefined) tally.documents += 1;
  else tally.failed += 1;
}
