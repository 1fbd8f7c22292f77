import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import type { DocumentRecord, Workspace } from '../graph/graph.types.ts';
import { PassageIndex } from '../graph/passage-index.port.ts';
import { StoredPassages } from '../graph/stored-passages.port.ts';
import { WorkspaceStore } from '../graph/workspace-store.port.ts';
import { ModelError } from '../models/models.errors.ts';
import type { Chunk } from './chunking/chunk.types.ts';
import type { IngestProgress, IngestReport } from './ingestion.types.ts';
import { asExtractedBy, extractionOf, RULES } from './pipeline/content-identity.ts';
import { DocumentStager } from './pipeline/document-stager.ts';
import { ExtractorChoice } from './pipeline/extractor-choice.ts';
import { IngestRun } from './pipeline/ingest-run.ts';
import { PassageVectors } from './pipeline/passage-vectors.ts';
import type { PreparedDocument } from './pipeline/prepared-document.types.ts';

const PAGE = 500;

/** One run over all of a workspace. */
export interface ReindexRequest {
  readonly workspace: Workspace;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/** What became of vectors that were made anew. */
export interface RenewalReport {
  readonly passages: number;
  readonly modelCalls: number;
  readonly seconds: number;
}

/** What an upgrade works with, and the size of a workspace. */
@Injectable()
export class ReindexParts {
  constructor(
    readonly extractors: ExtractorChoice,
    readonly stager: DocumentStager,
    private readonly workspaces: WorkspaceStore,
  ) {}

  async workspaceChunks(workspace: Workspace): Promise<number> {
    return (await this.workspaces.stats(workspace)).chunks;
  }
}

/** Does again what was done in another way, with what the store has: no source is read. */
@Injectable()
export class ReindexService {
  private readonly logger = new Logger(ReindexService.name);

  constructor(
    private readonly stored: StoredPassages,
    private readonly index: PassageIndex,
    private readonly vectors: PassageVectors,
    private readonly parts: ReindexParts,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes all vectors anew with the embedding model that is configured. Extractions stay as they are. Until it has ended, questions are
   * answered by words, names and the vectors there are; when it is cut off, the next run makes all of them.
   * @throws ModelError `model-not-configured` without an embedding model; StorageError, GraphError; the signal's reason
   */
  async renewVectors({ workspace, signal, onProgress }: ReindexRequest): Promise<RenewalReport> {
    if (!this.vectors.wanted) {
      throw new ModelError('model-not-configured', 'There is no embedding model to make vectors with.', { remedy: 'Set EMBEDDING_MODEL, and OPENAI_API_KEY or OPENAI_BASE_URL.' });
    }
    const started = this.clock.monotonic();
    const total = await this.parts.workspaceChunks(workspace);
    let [passages, modelCalls] = [0, 0];
    await this.stored.dropVectors(workspace);
    const run = { workspace, signal, reporter: { countModelCall: (): void => void (modelCalls += 1) } };
    for await (const page of this.#pages(workspace, signal)) {
      for await (const { chunks, vectors, space } of this.vectors.of(run, page)) {
        if (space !== undefined) await this.stored.writeVectors(workspace, chunks.map(({ id }, i) => ({ id, ...vectors[i] })), space);
        passages += chunks.length;
        onProgress?.({ done: passages, total: Math.max(total, passages), unit: 'passages' });
      }
    }
    const seconds = Math.round(this.clock.monotonic() - started) / 1000;
    this.logger.log({ workspace: workspace.slug, passages, modelCalls, seconds }, 'vectors were made anew');
    return { passages, modelCalls, seconds };
  }

  /**
   * Asks the model about the documents for which rules stood in, or that were ingested without it.
   * @throws ModelError `model-not-configured` without an extraction model; StorageError, GraphError; the signal's reason
   */
  async upgrade({ workspace, signal, onProgress }: ReindexRequest): Promise<IngestReport> {
    const started = this.clock.monotonic();
    const { extractors, stager } = this.parts;
    const extractor = await extractors.of({ extractor: 'model' }, () => undefined);
    const run = new IngestRun({ workspace, sources: [], ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) }, extractor, this.clock);
    const session = stager.open(run);
    try {
      await session.take(this.#lesser(run));
    } catch (error) {
      await session.abandon().catch((fault: unknown) => { this.logger.warn({ err: fault }, 'what a reindex had staged could not be given up'); });
      throw error;
    }
    return run.reporter.result(Math.round(this.clock.monotonic() - started) / 1000);
  }

  async *#pages(workspace: Workspace, signal: AbortSignal | undefined): AsyncGenerator<{ readonly id: string; readonly chunk: Pick<Chunk, 'title' | 'text' | 'blocks'> }[]> {
    for (let after: number | undefined; ; ) {
      signal?.throwIfAborted();
      const page = await this.stored.page(workspace, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      yield page.passages.map(({ content }) => ({ id: content.id, chunk: content }));
      if (page.next === undefined) return;
      after = page.next;
    }
  }

  /** Documents that were extracted by rules, as they stand in the store. */
  async *#lesser(run: IngestRun): AsyncGenerator<PreparedDocument> {
    for (let cursor: string | undefined; ; ) {
      const page = await this.index.documents(run.workspace, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const document of page.documents) {
        if (extractionOf(document.contentHash) === RULES) yield this.#prepared(run, document);
      }
      if (page.nextCursor === undefined) return;
      cursor = page.nextCursor;
    }
  }

  #prepared(run: IngestRun, document: DocumentRecord): PreparedDocument {
    const { externalId, title, mediaType, contentHash, metadata, original, text } = document;
    const input = { externalId, title, mediaType, metadata, original, text, contentHash: asExtractedBy(contentHash, run.extractor.kindOf(externalId)) };
    return { input, report: run.reporter.source(externalId), trustKnown: false, chunks: () => this.#chunks(run, document) };
  }

  async *#chunks({ workspace, signal }: IngestRun, { id }: DocumentRecord): AsyncGenerator<Chunk> {
    for (let after: number | undefined; ; ) {
      signal?.throwIfAborted();
      const page = await this.stored.page(workspace, { documentId: id, limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const { content, position } of page.passages) yield { ...content, position, speakers: position.speaker === undefined ? [] : [position.speaker] };
      if (page.next === undefined) return;
      after = page.next;
    }
  }
}
