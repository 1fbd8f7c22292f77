import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock/clock.port.ts';
import type { IngestReport, IngestRequest } from './ingestion.types.ts';
import { DocumentStager, type StagingSession } from './pipeline/document-stager.ts';
import { ExtractorChoice } from './pipeline/extractor-choice.ts';
import { IngestRun } from './pipeline/ingest-run.ts';
import { readSources } from './pipeline/read-sources.ts';
import { SourceReader } from './pipeline/source-reader.ts';
import { WorkspaceUpkeep } from './pipeline/workspace-upkeep.ts';

/** Reads sources into workspaces: decode, parse, cut, extract, embed, write hidden, publish. */
@Injectable()
export class IngestionService {
  private readonly logger = new Logger(IngestionService.name);

  constructor(
    private readonly reader: SourceReader,
    private readonly stager: DocumentStager,
    private readonly extractors: ExtractorChoice,
    private readonly upkeep: WorkspaceUpkeep,
    private readonly clock: Clock,
  ) {}

  /**
   * Ingests sources one after the other. A source or record with a fault of its own is reported and costs no other. The same bytes
   * again write nothing. When the signal is aborted, or a store or model fails, what is published stays, nothing else is visible,
   * and a second run completes the rest.
   * @throws StorageError, GraphError, ModelError when the stores or the model fail; IngestionError for the file of extractions; the
   * signal's reason
   */
  async ingest(request: IngestRequest): Promise<IngestReport> {
    const started = this.clock.monotonic();
    const warnings: string[] = [];
    const extractor = await this.extractors.of(request, (message) => warnings.push(message));
    const run = new IngestRun(request, extractor, this.clock);
    for (const warning of warnings) run.reporter.warn(warning);
    await this.upkeep.once(request.workspace);
    await this.#work(run, request);
    const report = run.reporter.result(Math.round(this.clock.monotonic() - started) / 1000);
    this.logger.log({ workspace: request.workspace.slug, ...report.totals, seconds: report.seconds }, 'an ingestion ended');
    return report;
  }

  async #work(run: IngestRun, request: IngestRequest): Promise<void> {
    const session = this.stager.open(run);
    try {
      await session.take(readSources(run, this.reader, request.sources));
    } catch (error) {
      await this.#giveUp(session);
      throw error;
    } finally {
      await this.#tidy(run);
    }
    if (request.prune === true) await this.upkeep.prune(run);
  }

  async #giveUp(session: StagingSession): Promise<void> {
    try {
      await session.abandon();
    } catch (error) {
      // The next start sweeps it; the first error is the one to tell.
      this.logger.warn({ err: error }, 'what an ingestion had staged could not be given up');
    }
  }

  async #tidy(run: IngestRun): Promise<void> {
    try {
      await this.upkeep.deleteUnused(run.workspace, [...run.looseBlobs]);
    } catch (error) {
      this.logger.warn({ err: error }, 'blobs an ingestion did not need could not be removed');
    }
  }
}
