import { Injectable } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error.ts';
import { readAhead } from '../../common/concurrency/read-ahead.ts';
import { DocumentWriter } from '../../graph/document-writer.port.ts';
import { ExtractionJournal } from '../extraction-journal.service.ts';
import { ChunkExtraction } from './chunk-extraction.ts';
import { ChunkLookUp } from './chunk-look-up.ts';
import { asCutOff, asExtractedBy, RULES } from './content-identity.ts';
import { cutDocuments } from './cut-documents.ts';
import { DocumentBlobs } from './document-blobs.ts';
import type { IngestRun } from './ingest-run.ts';
import type { OpenDocument } from './open-document.ts';
import { PassageStager, type StagedGroup } from './passage-stager.ts';
import type { PreparedDocument } from './prepared-document.types.ts';

/**
 * Documents, and staged chunks, after which what is complete is published. Later rounds are larger, up to so many times: in a large
 * index each passage touches pages of its own, and what is published together writes a page once.
 */
const ROUND_DOCUMENTS = 1000;
const ROUND_CHUNKS = 2000;
const ROUND_GROWTH = 0.1;
const ROUND_MAX_FACTOR = 5;
/** Where a model is waited for, publishing begins early, and little is left to be published when its last answer is there. */
const MODEL_ROUND_CHUNKS = 100;
/** What is staged while a round before it is being published waits for that only when it is so many times as much. */
const BEHIND_FACTOR = 2;

/** Chunks that are looked up before they are wanted, so that nobody waits for a look-up behind a publication. */
const READ_AHEAD = 400;

interface SessionParts {
  readonly writer: DocumentWriter;
  readonly blobs: DocumentBlobs;
  readonly lookUp: ChunkLookUp;
  readonly extraction: ChunkExtraction;
  readonly passages: PassageStager;
  readonly journal: ExtractionJournal;
}

/**
 * Documents on their way into a workspace: cut, extracted from, embedded and staged while the next are read, each step some way ahead
 * of the one behind it. Many small documents are published together while the next are staged, a large one is staged in parts.
 */
export class StagingSession {
  readonly #run: IngestRun;
  readonly #parts: SessionParts;
  /** What has a generation and is not published yet. */
  readonly #open = new Set<OpenDocument>();
  #round: OpenDocument[] = [];
  #staged = 0;
  #roundFactor = 1;
  /** The last publication; its fault is told to who publishes next. */
  #publication = Promise.resolve();
  #isPublishing = false;

  constructor(run: IngestRun, parts: SessionParts) {
    this.#run = run;
    this.#parts = parts;
  }

  /** Takes documents in and publishes them; a fault of a document's own goes to the report. */
  async take(documents: AsyncIterable<PreparedDocument>): Promise<void> {
    await this.#parts.journal.open(this.#run.workspace);
    for await (const group of this.#stage(documents)) {
      await this.#end(group);
      if (!this.#isFull(this.#isPublishing ? BEHIND_FACTOR : 1)) continue;
      await this.#publish();
      this.#roundFactor = Math.min(ROUND_MAX_FACTOR, this.#roundFactor + ROUND_GROWTH);
    }
    await this.#publish();
    await this.#publication;
  }

  /** Gives up what is not published. */
  async abandon(): Promise<void> {
    await this.#publication.catch(() => undefined);
    const generations = [...this.#open].flatMap((document) => document.generation ?? []);
    this.#open.clear();
    this.#round = [];
    const { writer, blobs } = this.#parts;
    await blobs.delete(this.#run.workspace, await writer.abandon(this.#run.workspace, generations));
  }

  #stage(documents: AsyncIterable<PreparedDocument> | Iterable<PreparedDocument>): AsyncGenerator<StagedGroup> {
    const { lookUp, extraction, passages } = this.#parts;
    const run = this.#run;
    const lookedUp = lookUp.of(run, cutDocuments(run, documents), this.#open);
    // The next are read and looked up while those before them are asked about.
    return passages.of(run, extraction.of(run, readAhead(lookedUp, READ_AHEAD)));
  }

  async #end({ chunks, ended }: StagedGroup): Promise<void> {
    this.#staged += chunks;
    for (const document of ended) {
      if (document.fault !== undefined) await this.#fail(document);
      else {
        await this.#amend(document);
        this.#round.push(document);
      }
    }
  }

  #isFull(times: number): boolean {
    const chunks = this.#run.extractor.pace.callsAtOnce > 1 ? MODEL_ROUND_CHUNKS : ROUND_CHUNKS;
    const factor = times * this.#roundFactor;
    return this.#round.length >= ROUND_DOCUMENTS * factor || (this.#staged >= chunks * factor && this.#round.length > 0);
  }

  /** Begins to publish what is complete, once what was complete before is published. */
  async #publish(): Promise<void> {
    await this.#publication;
    const round = this.#round;
    this.#round = [];
    this.#staged = 0;
    if (round.length === 0) return;
    this.#isPublishing = true;
    this.#publication = this.#published(round).finally(() => {
      this.#isPublishing = false;
    });
    this.#publication.catch(() => undefined);
  }

  async #published(round: readonly OpenDocument[]): Promise<void> {
    try {
      await this.#settle(round);
    } catch (error) {
      if (!isStale(error)) throw error;
      await this.#again(round);
    }
  }

  async #settle(round: readonly OpenDocument[]): Promise<void> {
    const { writer, blobs, journal } = this.#parts;
    const { workspace, looseBlobs } = this.#run;
    const generations = round.flatMap((document) => document.generation ?? []);
    const result = await writer.publish(workspace, generations);
    const byId = new Map(round.map((document) => [document.id, document]));
    for (const outcome of ['added', 'updated', 'unchanged'] as const) {
      for (const id of result[outcome]) {
        const document = byId.get(id);
        document?.prepared.report.settle(id, outcome, outcome === 'unchanged' ? 0 : document.count);
        if (document === undefined || outcome === 'unchanged') continue;
        looseBlobs.delete(document.prepared.input.original.key);
        looseBlobs.delete(document.prepared.input.text.key);
      }
    }
    for (const document of round) this.#open.delete(document);
    await blobs.delete(workspace, result.releasedBlobs);
    // What is still to be asked for a document may need what its other chunks were answered.
    await journal.forget(workspace, round.filter(({ standIns }) => standIns === 0).flatMap(({ journalKeys }) => journalKeys));
  }

  /** Chunks that were left out as known have gone meanwhile: the round is staged once more, with all that it has. */
  async #again(round: readonly OpenDocument[]): Promise<void> {
    // Their blobs are needed once more, so what is released here stays.
    await this.#parts.writer.abandon(this.#run.workspace, round.flatMap((document) => document.generation ?? []));
    for (const document of round) this.#open.delete(document);
    const documents: OpenDocument[] = [];
    for await (const { ended } of this.#stage(round.map(({ prepared }) => ({ ...prepared, trustKnown: false })))) documents.push(...ended);
    await this.#settle(documents);
  }

  /** What is not as it was to be must not look so to the next run. */
  async #amend(document: OpenDocument): Promise<void> {
    const { input } = document.prepared;
    const extracted = document.standIns > 0 ? asExtractedBy(input.contentHash, RULES) : input.contentHash;
    const contentHash = document.cutOff ? asCutOff(extracted) : extracted;
    if (document.generation === undefined || contentHash === input.contentHash) return;
    await this.#parts.writer.amend(this.#run.workspace, document.generation, { ...input, contentHash });
  }

  async #fail(document: OpenDocument): Promise<void> {
    this.#open.delete(document);
    if (document.generation !== undefined) await this.#parts.writer.abandon(this.#run.workspace, [document.generation]);
    const { report, line } = document.prepared;
    if (line === undefined) report.fail(document.fault);
    else this.#run.reporter.failRecord(report, line, document.fault);
  }
}

function isStale(error: unknown): boolean {
  return error instanceof AppError && error.code === 'generation-not-open' && error.retryable;
}

/** Opens the way into a workspace for one ingestion. */
@Injectable()
export class DocumentStager {
  readonly #parts: Omit<SessionParts, 'writer' | 'blobs'>;

  constructor(
    private readonly writer: DocumentWriter,
    private readonly blobs: DocumentBlobs,
    lookUp: ChunkLookUp,
    passages: PassageStager,
    journal: ExtractionJournal,
  ) {
    this.#parts = { lookUp, passages, journal, extraction: new ChunkExtraction(journal) };
  }

  open(run: IngestRun): StagingSession {
    return new StagingSession(run, { ...this.#parts, writer: this.writer, blobs: this.blobs });
  }
}
