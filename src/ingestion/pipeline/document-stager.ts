import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error.ts';
import { DocumentWriter } from '../../graph/document-writer.port.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { IngestRun } from './ingest-run.ts';
import { type NumberedChunk, OpenDocument } from './open-document.ts';
import { PassageStager } from './passage-stager.ts';
import type { PreparedDocument } from './prepared-document.types.ts';
import { isOwnFault } from './source-reader.ts';
import { emptySource } from './source-bytes.ts';

/** Chunks that are staged at once. */
const BATCH_CHUNKS = 500;
/**
 * Documents, and staged chunks, after which what is complete is published. Later rounds are larger, up to so many times: in a large
 * index each passage touches pages of its own, and what is published together writes a page once.
 */
const ROUND_DOCUMENTS = 1000;
const ROUND_CHUNKS = 2000;
const ROUND_GROWTH = 0.1;
const ROUND_MAX_FACTOR = 5;

/** Documents on their way into a workspace: many small ones are published together, a large one is staged in parts. */
export class StagingSession {
  readonly #run: IngestRun;
  readonly #writer: DocumentWriter;
  readonly #blobs: DocumentBlobs;
  readonly #passages: PassageStager;
  #round: OpenDocument[] = [];
  #waiting: NumberedChunk[] = [];
  #staged = 0;
  #roundFactor = 1;

  constructor(run: IngestRun, parts: { readonly writer: DocumentWriter; readonly blobs: DocumentBlobs; readonly passages: PassageStager }) {
    this.#run = run;
    this.#writer = parts.writer;
    this.#blobs = parts.blobs;
    this.#passages = parts.passages;
  }

  /** Takes a document in; a fault of its own goes to the report. */
  async add(prepared: PreparedDocument): Promise<void> {
    const document = new OpenDocument(prepared, this.#run.workspace.uid);
    this.#round.push(document);
    try {
      await this.#cut(document);
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      await this.#fail(document, error);
    }
    const chunks = this.#staged + this.#waiting.length;
    if (this.#round.length < ROUND_DOCUMENTS * this.#roundFactor && chunks < ROUND_CHUNKS * this.#roundFactor) return;
    await this.publish();
    this.#roundFactor = Math.min(ROUND_MAX_FACTOR, this.#roundFactor + ROUND_GROWTH);
  }

  /** Publishes all that is complete. */
  async publish(): Promise<void> {
    const round = this.#round;
    if (round.length === 0) return;
    try {
      await this.#stage();
      await this.#settle(round);
    } catch (error) {
      if (!isStale(error)) throw error;
      await this.#again(round);
    }
    this.#forget();
  }

  /** Gives up what is not published. */
  async abandon(): Promise<void> {
    const generations = this.#round.flatMap((document) => document.generation ?? []);
    this.#forget();
    await this.#blobs.delete(this.#run.workspace, await this.#writer.abandon(this.#run.workspace, generations));
  }

  async #cut(document: OpenDocument): Promise<void> {
    for await (const chunk of document.prepared.chunks()) {
      this.#waiting.push(document.number(chunk));
      await this.#run.breathe();
      if (this.#waiting.length >= BATCH_CHUNKS) await this.#stage();
    }
    if (document.count === 0) throw emptySource();
    document.complete = true;
  }

  async #stage(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await this.#begin([...new Set(waiting.map((chunk) => chunk.document))]);
    const open = waiting.filter(({ document }) => document.generation?.state === 'open');
    if (open.length > 0) await this.#passages.stage(this.#run, open);
    this.#staged += waiting.length;
  }

  async #begin(documents: readonly OpenDocument[]): Promise<void> {
    const fresh = documents.filter((document) => document.generation === undefined);
    if (fresh.length === 0) return;
    const generations = await this.#writer.begin(
      this.#run.workspace,
      fresh.map((document) => document.prepared.input),
    );
    for (const [i, document] of fresh.entries()) document.generation = generations[i];
  }

  async #settle(round: readonly OpenDocument[]): Promise<void> {
    const generations = round.flatMap((document) => document.generation ?? []);
    const result = await this.#writer.publish(this.#run.workspace, generations);
    const byId = new Map(round.map((document) => [document.id, document]));
    for (const outcome of ['added', 'updated', 'unchanged'] as const) {
      for (const id of result[outcome]) {
        const document = byId.get(id);
        document?.prepared.report.settle(id, outcome, outcome === 'unchanged' ? 0 : document.count);
        if (document !== undefined && outcome !== 'unchanged') this.#keep(document);
      }
    }
    await this.#blobs.delete(this.#run.workspace, result.releasedBlobs);
  }

  #keep({ prepared: { input } }: OpenDocument): void {
    this.#run.looseBlobs.delete(input.original.key);
    this.#run.looseBlobs.delete(input.text.key);
  }

  /** Chunks that were left out as known have gone meanwhile: the round is staged once more, with all that it has. */
  async #again(round: readonly OpenDocument[]): Promise<void> {
    // Their blobs are needed once more, so what is released here stays.
    await this.#writer.abandon(this.#run.workspace, round.flatMap((document) => document.generation ?? []));
    this.#forget();
    for (const { prepared } of round) {
      const document = new OpenDocument({ ...prepared, trustKnown: false }, this.#run.workspace.uid);
      this.#round.push(document);
      await this.#cut(document);
    }
    await this.#stage();
    await this.#settle(this.#round);
  }

  async #fail(document: OpenDocument, error: unknown): Promise<void> {
    this.#waiting = this.#waiting.filter((chunk) => chunk.document !== document);
    this.#round = this.#round.filter((each) => each !== document);
    if (document.generation !== undefined) await this.#writer.abandon(this.#run.workspace, [document.generation]);
    const { report, line } = document.prepared;
    if (line === undefined) report.fail(error);
    else this.#run.reporter.failRecord(report, line, error);
  }

  #forget(): void {
    this.#round = [];
    this.#waiting = [];
    this.#staged = 0;
  }
}

function isStale(error: unknown): boolean {
  return error instanceof AppError && error.code === 'generation-not-open' && error.retryable;
}

/** Opens the way into a workspace for one ingestion. */
@Injectable()
export class DocumentStager {
  constructor(
    private readonly writer: DocumentWriter,
    private readonly blobs: DocumentBlobs,
    private readonly passages: PassageStager,
  ) {}

  open(run: IngestRun): StagingSession {
    return new StagingSession(run, { writer: this.writer, blobs: this.blobs, passages: this.passages });
  }
}
